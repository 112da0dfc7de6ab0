using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Recipients.Links;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Tracking;

public sealed class OneClickTests(ServerHost server) : IClassFixture<ServerHost>
{
    private static readonly JsonNode Vector = Channels.Vector.Read("rfc8058-one-click");

    public static TheoryData<string> Requests() => [.. Vector["requests"]!.AsArray().Select(request => request!["what"]!.GetValue<string>())];

    [Theory, MemberData(nameof(Requests))]
    public async Task The_requests_of_the_vector(string what)
    {
        var user = await GivenUserAsync();
        var wanted = Vector["requests"]!.AsArray().Single(request => request!["what"]!.GetValue<string>() == what)!;
        using var request = new HttpRequestMessage(new HttpMethod(wanted["method"]!.GetValue<string>()), Link(new() { UserId = user, Channel = "email", Category = "offers" }));
        if (wanted["bodyText"]!.GetValue<string>() is { Length: > 0 } body) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach (var header in wanted["headers"]!.AsArray().Where(header => header![0]!.GetValue<string>() == "Content-Type"))
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", header![1]!.GetValue<string>()); // a body has its type

        using var answer = await server.ClientFor(null).SendAsync(request);

        var mustNot = what.StartsWith("must NOT", StringComparison.Ordinal);
        Assert.Equal(mustNot && request.Method == HttpMethod.Post ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mustNot, await IsWantedAsync(user));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    [Bar("S20", "B59")]
    public async Task B59_opening_the_link_changes_nothing_posting_it_does_and_again_is_harmless()
    {
        var user = await GivenUserAsync();
        var link = Link(new() { UserId = user, Channel = "email", Category = "offers" });

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Options })
        {
            using var request = new HttpRequestMessage(method, link);
            using var looked = await server.ClientFor(null).SendAsync(request);
        }
        Assert.True(await IsWantedAsync(user));

        for (var i = 0; i < 3; i++)
        {
            using var said = await PostAsync(link, ("List-Unsubscribe", "One-Click"));
            Assert.Equal(HttpStatusCode.OK, said.StatusCode);
        }
        Assert.False(await IsWantedAsync(user));
        Assert.Equal(1, await server.Database.Source.CountAsync("select count(*) from consents where user_id = @user", new { user }));

        using var undone = await PostAsync(link, ("do", "resubscribe"));
        Assert.True(await IsWantedAsync(user));
        Assert.Equal(["one_click", "unsubscribe_link"], (await server.Client.JsonAsync($"GET /v1/users/{user}/consents")).GetProperty("data").EnumerateArray()
            .Select(row => row.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task An_address_that_belongs_to_nobody_we_know_is_out_of_that_category_only()
    {
        var link = Link(new() { Address = "bare@example.org", Channel = "email", Category = "offers" });
        using var said = await PostAsync(link, ("List-Unsubscribe", "One-Click"));

        Assert.Equal("suppressed", await StatusOfMailAsync("bare@example.org", "offers"));
        Assert.NotEqual("suppressed", await StatusOfMailAsync("bare@example.org", "orders"));
        Assert.Equal(1, await server.Database.Source.CountAsync("select count(*) from consents where address_hash like 'hmac:%' and not opt_in"));

        using var back = await PostAsync(link, ("do", "resubscribe"));
        Assert.NotEqual("suppressed", await StatusOfMailAsync("bare@example.org", "offers"));
    }

    [Fact]
    public async Task A_link_of_somebody_who_was_deleted_is_answered_politely()
    {
        using var said = await PostAsync(Link(new() { UserId = "gone", Channel = "email", Category = "offers" }), ("List-Unsubscribe", "One-Click"));
        Assert.Equal(HttpStatusCode.OK, said.StatusCode);
    }

    [Theory]
    [InlineData("de-CH,de;q=0.9,en;q=0.5", "Dieser Link funktioniert nicht")]
    [InlineData("ko", "링크가 작동하지 않습니다")]
    [InlineData("fr", "This link does not work")]
    public async Task A_forged_link_is_refused_in_the_language_of_whoever_opened_it(string languages, string words)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/u/" + new string('A', 80), UriKind.Relative))
        {
            Content = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]),
        };
        request.Headers.TryAddWithoutValidation("Accept-Language", languages);

        using var answer = await server.ClientFor(null).SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    private Uri Link(PersonalLink link) => new(server.Services.GetRequiredService<PersonalLinks>().Unsubscribe(link)!); // in Development there always is one

    private async Task<string> GivenUserAsync()
    {
        var user = $"u_{Guid.CreateVersion7():N}";
        await server.GivenUserAsync(user, $$"""{"email":"{{user}}@example.org"}""");
        return user;
    }

    private async Task<HttpResponseMessage> PostAsync(Uri link, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        return await server.ClientFor(null).PostAsync(link, content);
    }

    private async Task<bool> IsWantedAsync(string user)
    {
        var rows = (await server.Client.JsonAsync($"GET /v1/users/{user}/preferences")).GetProperty("categories").EnumerateArray();
        return rows.All(row => row.GetProperty("opt_in").GetBoolean());
    }

    private async Task<string?> StatusOfMailAsync(string to, string category) => (await server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"email":"{{{to}}}"}],"channels":["email"],"category":"{{{category}}}","content":{"subject":"Hello","text":"There"}}"""))
        .GetProperty("messages")[0].GetProperty("delivery_status").GetString();
}
