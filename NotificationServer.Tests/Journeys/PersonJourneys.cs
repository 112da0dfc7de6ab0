using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// Words that speak of the person they go to, and people who are told in spite of having been told enough.
public sealed class PersonJourneys(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    public async Task Each_is_called_by_the_name_that_the_profile_says_when_it_is_sent()
    {
        var template = await GivenTemplateAsync("Dear {{user.first_name}} of {{default user.attributes.city \"somewhere\"}}");
        var (ann, bea) = (Walk.SomePhone(), Walk.SomePhone());
        var first = await walk.GivenUser(new { phone = ann, attributes = new { first_name = "Ann", city = "Bern" } });
        var second = await walk.GivenUser(new { phone = bea, attributes = new { first_name = "B." } });

        var accepted = await walk.Post(new
        {
            to = new[] { new { user_id = first }, new { user_id = second } }, template, channels = new[] { "sms" }, send_at = TimeProvider.System.GetUtcNow().AddHours(1),
        });
        await walk.Put($"/v1/users/{second}", new { phone = bea, attributes = new { first_name = "Bea" } });
        foreach (var index in new[] { 0, 1 }) await walk.ItIsTimeFor(Walk.MessageOf(accepted, index));

        Assert.Equal("Dear Ann of Bern", await TextTo(ann));
        Assert.Equal("Dear Bea of somewhere", await TextTo(bea));
    }

    [Fact]
    public async Task A_push_says_it_too()
    {
        var key = Walk.SomeId("t");
        using var made = await walk.Api.PostAsJsonAsync("/v1/templates", new { key, name = "push", channels = new { push = new { title = "Hi {{user.first_name}}" } }, publish = true });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var token = Walk.SomeId("fcm");
        var user = await walk.GivenUser(new { attributes = new { first_name = "Zoë" } });
        await walk.Put($"/v1/users/{user}/devices/phone", new { platform = "android", push_provider = "fcm", token });

        await walk.Post(new { to = new[] { new { user_id = user } }, template = key });

        Assert.Equal("Hi Zoë", System.Text.Json.JsonDocument.Parse((await walk.Arrived(token)).Body.GetRawText()).RootElement.GetProperty("message").GetProperty("notification").GetProperty("title").GetString());
    }

    [Fact]
    public async Task Whose_profile_does_not_say_it_is_not_sent_it_and_nobody_has_to_decide_on_that()
    {
        var template = await GivenTemplateAsync("Dear {{user.first_name}}");
        var user = await walk.GivenUser(new { phone = Walk.SomePhone() });

        var accepted = await walk.Post(new { to = new object[] { new { user_id = user }, new { phone = Walk.SomePhone() } }, template, channels = new[] { "sms" } });

        foreach (var index in new[] { 0, 1 })
        {
            var message = await walk.Until(Walk.MessageOf(accepted, index), "suppressed");
            Assert.Equal("template_error", message.GetProperty("reason").GetString());
            Assert.Equal("profile_lacks:user.first_name", message.GetProperty("error").GetProperty("provider_code").GetString());
            Assert.Equal(0, await walk.Server.Database.Source.CountAsync("select count(*) from dead_letters where message_id = @id", new { id = IdOf(Walk.MessageOf(accepted, index)) }));
        }
    }

    [Fact]
    public async Task What_would_be_said_is_explained_with_the_persons_own_name()
    {
        var template = await GivenTemplateAsync("Dear {{user.first_name}}");
        var named = await walk.GivenUser(new { phone = Walk.SomePhone(), attributes = new { first_name = "Ann" } });
        var unnamed = await walk.GivenUser(new { phone = Walk.SomePhone() });

        using var response = await walk.Api.PostAsJsonAsync("/v1/notifications:explain", new { to = new[] { new { user_id = named }, new { user_id = unnamed } }, template, channels = new[] { "sms" } });
        var told = await response.Content.ReadAsStringAsync();

        Assert.True(response.IsSuccessStatusCode, told);
        Assert.Contains("Dear Ann", told, StringComparison.Ordinal);
        Assert.Contains("template_error", told, StringComparison.Ordinal);
    }

    /// A campaign may say so; of a single notification nobody can ask for it.
    [Fact]
    public async Task Who_was_told_often_enough_is_told_again_where_a_campaign_says_so_and_it_counts()
    {
        var category = Walk.SomeId("news");
        await walk.Put($"/v1/categories/{category}", new { name = "News", @class = "marketing", default_opt_in = true, limit = new { count = 2, per_seconds = 86400, policy = "drop" } });
        var phone = Walk.SomePhone();
        var user = await walk.GivenUser(new { phone });

        Assert.Equal("sent", await EndOf(await TellAsync(user, category, ignore: true)));
        Assert.Equal("sent", await EndOf(await TellAsync(user, category, ignore: false)));
        Assert.Equal("suppressed", await EndOf(await TellAsync(user, category, ignore: false)));
        Assert.Equal("sent", await EndOf(await TellAsync(user, category, ignore: true)));
        Assert.Equal("suppressed", await EndOf(await TellAsync(user, category, ignore: false)));
    }

    private async Task<Guid> TellAsync(string user, string category, bool ignore)
    {
        var result = await walk.Server.Services.GetRequiredService<NotificationIntake>().AcceptAsync(new NotificationRequest
        {
            ClientId = Guid.Empty, To = [new RecipientReference(user, null, null, null)], Category = category, Channels = [Channel.Sms],
            Payload = new NotificationPayload { Content = new Content(Text: "News"), IgnoreFrequencyCap = ignore ? true : null },
        }, CancellationToken.None);
        return Assert.Single(result.Notification!.Messages).Id; // it was accepted
    }

    private async Task<string?> EndOf(Guid message)
    {
        string? status = null;
        await Eventually.IsTrueAsync(async () =>
            (status = await walk.Server.Database.Source.AskAsync<string>("select status from messages where id = @message", new { message })) is not "queued");
        return status == "delivered" ? "sent" : status;
    }

    private static Guid IdOf(string message) => Guid.ParseExact(message["msg_".Length..], "N");

    private async Task<string?> TextTo(string phone) => (await walk.Arrived(phone)).Body.GetProperty("Body").GetString();

    private async Task<string> GivenTemplateAsync(string body)
    {
        var key = Walk.SomeId("t");
        using var made = await walk.Api.PostAsJsonAsync("/v1/templates", new { key, name = "person", channels = new { sms = new { body } } });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        return key;
    }
}
