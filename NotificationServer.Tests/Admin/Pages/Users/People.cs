using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Api.Auth;
using NotificationServer.Clients;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Users;

/// Colleagues and people for the pages about people, and the services that write to them.
internal static partial class People
{
    private const string Password = "correct horse battery";

    /// A colleague of this role, signed in.
    public static async Task<AdminClient> ColleagueAsync(this AdminServer server, string role)
    {
        var email = await server.AccountAsync(role);
        var client = server.Client();
        Assert.Equal(302, (int)(await client.SignInAsync(email, Password)).StatusCode);
        return client;
    }

    public static async Task<(string Email, string Password)> LoginAsync(this AdminServer server, string role) => (await server.AccountAsync(role), Password);

    /// A service with a key of its own, every scope on it.
    public static async Task<HttpClient> ServiceAsync(this AdminServer server)
    {
        var key = await server.Services.GetRequiredService<ApiKeyStore>().IssueAsync("shop", "test", Scopes.All, sandbox: false, expiresAt: null, default);
        var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        return client;
    }

    public static Task<JsonElement> GivenAsync(this HttpClient service, string id, string json = """{"email":"ada@example.org"}""") =>
        service.JsonAsync($"PUT /v1/users/{id}", json);

    /// What became of one message to this person: queued, or suppressed and why.
    public static async Task<(string Status, string? Reason)> MailAsync(this HttpClient service, string user)
    {
        var sent = await service.JsonAsync("POST /v1/notifications", $$"""{"to":[{ "user_id":"{{user}}" }],"channels":["email"],"content":{"subject":"Hello","text":"Hello"} }""");
        var message = (await service.JsonAsync($"GET /v1/notifications/{sent.GetProperty("id").GetString()}/messages")).GetProperty("data")[0];
        return (message.GetProperty("delivery_status").GetString()!, message.GetProperty("reason").GetString()); // always there
    }

    public static async Task<(string Actor, string Action, string? Before, string? After, string? Reason)> LastAuditAsync(this AdminServer server, string target)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        return await connection.QueryFirstAsync<(string, string, string?, string?, string?)>(
            "select actor, action, before::text, after::text, reason from audit_log where target = @target order by id desc limit 1", new { target });
    }

    /// The notice that the last deed left, which the next page shows.
    public static async Task<string> AfterAsync(this AdminClient client, HttpResponseMessage answer)
    {
        Assert.Equal(302, (int)answer.StatusCode);
        var location = answer.Headers.Location!; // a redirect has one
        return await client.ReadAsync(location.IsAbsoluteUri ? location.PathAndQuery : location.ToString());
    }

    /// Presses the button that the notice on this page offers as the way back, and reads what is said then. Instead: to that address.
    public static async Task<string> UndoAsync(this AdminClient client, string page, string? instead = null)
    {
        var offered = Offered().Match(page);
        Assert.True(offered.Success, "No way back is offered");
        using var answer = await client.PostBlindlyAsync(
            instead ?? WebUtility.HtmlDecode(offered.Groups[1].Value), ("was", WebUtility.HtmlDecode(offered.Groups[2].Value)), ("__RequestVerificationToken", AdminClient.TokenOn(page)));
        return WebUtility.HtmlDecode(await client.AfterAsync(answer));
    }

    private static async Task<string> AccountAsync(this AdminServer server, string role)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
        var email = $"{Guid.CreateVersion7():N}@example.org";
        var member = new StaffMember { Id = Guid.CreateVersion7(), UserName = email, Email = email, EmailConfirmed = true };
        Assert.True((await staff.CreateAsync(member, Password)).Succeeded);
        Assert.True((await staff.AddToRoleAsync(member, role)).Succeeded);
        return email;
    }

    [GeneratedRegex("class=\"toast[\\s\\S]*?action=\"([^\"]+)\"(?:(?:(?!</form>)[\\s\\S])*?name=\"was\" value=\"([^\"]+)\")?")]
    private static partial Regex Offered();
}
