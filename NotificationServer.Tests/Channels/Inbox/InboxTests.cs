using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Channels.Inbox;

namespace NotificationServer.Tests.Channels.Inbox;

public sealed class InboxTests(InboxDatabase db) : IClassFixture<InboxDatabase>
{
    [Fact]
    public async Task A_push_is_shown_as_its_recipient_would_have_seen_it()
    {
        var row = await SendAndReadAsync(Push() with
        {
            Title = "Order shipped", Subtitle = "Order 1042", Body = "Today 📦", Badge = 3, CollapseKey = "order-1042",
            Data = JsonDocument.Parse("""{"orderId":"1042"}""").RootElement,
        });

        Assert.Equal(("android_push", "tok", "Order shipped", "Today 📦"), (row.Channel, row.Address, row.Title, row.Text));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"push_provider":"fcm","subtitle":"Order 1042","badge":3,"collapse_key":"order-1042","data":{"orderId":"1042"}}"""),
            JsonNode.Parse(row.Payload!)), row.Payload);
    }

    [Fact]
    public async Task An_sms_is_shown_with_its_text()
    {
        var row = await SendAndReadAsync(Sms("+15558675310", "Your code is 1234"));
        Assert.Equal(("sms", "+15558675310", "Your code is 1234", null), (row.Channel, row.Address, row.Text, row.Payload));
    }

    [Fact]
    public async Task A_mail_is_shown_with_all_its_parts()
    {
        var row = await SendAndReadAsync(new EmailMessage
        {
            Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "Receipt ✓", Text = "Plain", Html = "<p>Rich</p>",
            Headers = new Dictionary<string, string> { ["List-Unsubscribe"] = "<https://u.example.org/o/abc>" },
        });

        Assert.Equal(("email", "ann@example.com", "Receipt ✓", "Plain", "<p>Rich</p>"), (row.Channel, row.Address, row.Subject, row.Text, row.Html));
        Assert.Contains("List-Unsubscribe", row.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepted_means_committed_and_sends_at_the_same_time_share_commits()
    {
        await using var channels = Host();
        var inbox = channels.Services.GetRequiredService<InboxProvider>();
        var address = "+1" + Guid.CreateVersion7().ToString("N");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => inbox.SendAsync(Sms(address, $"{i}"), CancellationToken.None)));

        Assert.All(outcomes, outcome => Assert.Equal(SendStatus.Accepted, outcome.Status));
        await using var connection = await db.Source.OpenConnectionAsync();
        var stored = (await connection.QueryAsync<Guid>("select id from inbox where address = @address", new { address })).ToHashSet();
        Assert.Equal(outcomes.Select(outcome => Guid.Parse(outcome.ProviderMessageId!)).ToHashSet(), stored);
        var commits = await connection.ExecuteScalarAsync<int>("select count(distinct xmin::text) from inbox where address = @address", new { address });
        Assert.InRange(commits, 1, 200);
    }

    [Fact]
    public async Task One_text_that_PostgreSQL_cannot_store_does_not_fail_the_others()
    {
        await using var channels = Host();
        var inbox = channels.Services.GetRequiredService<InboxProvider>();
        string[] texts = ["fine", "nul \0 nul", "half \ud83d", "whole \ud83d\udce6"];

        var outcomes = await Task.WhenAll(texts.Select(text => inbox.SendAsync(Sms("+15550001111", text), CancellationToken.None)));

        Assert.All(outcomes, outcome => Assert.Equal(SendStatus.Accepted, outcome.Status));
        var shown = await channels.Services.GetRequiredService<InboxStore>().ListAsync(10, null, null, "+15550001111", CancellationToken.None);
        Assert.Equal(["fine", "half \ufffd", "nul \ufffd nul", "whole \ud83d\udce6"], shown.Select(row => row.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_list_is_newest_first_in_pages_and_by_channel_and_address()
    {
        await using var channels = Host();
        var inbox = channels.Services.GetRequiredService<InboxProvider>();
        var store = channels.Services.GetRequiredService<InboxStore>();
        var address = "+2" + Guid.CreateVersion7().ToString("N");
        for (var i = 0; i < 5; i++) await inbox.SendAsync(Sms(address, $"{i}"), CancellationToken.None);
        await inbox.SendAsync(Push() with { Token = address }, CancellationToken.None);

        var first = await store.ListAsync(2, null, Channel.Sms, address, CancellationToken.None);
        var second = await store.ListAsync(10, first[^1].Id, Channel.Sms, address, CancellationToken.None);

        var ids = first.Concat(second).Select(row => row.Id).ToArray();
        Assert.Equal(5, ids.Length);
        Assert.Equal(ids.OrderDescending(), ids);
        Assert.Single(await store.ListAsync(10, null, Channel.AndroidPush, address, CancellationToken.None));
        Assert.Equal(6, (await store.ListAsync(10, null, null, address, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_not_sent()
    {
        await using var unreachable = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Database=x");
        await using var channels = new ChannelsHost([], db: unreachable);

        var outcome = await channels.Services.GetRequiredService<InboxProvider>().SendAsync(Sms("+1", "x"), CancellationToken.None);

        Assert.Equal((SendStatus.NotSent, "no_database"), (outcome.Status, outcome.Code));
    }

    private async Task<InboxRow> SendAndReadAsync(OutboundMessage message)
    {
        await using var channels = Host();
        var outcome = await channels.Services.GetRequiredService<InboxProvider>().SendAsync(message, CancellationToken.None);
        Assert.Equal(SendStatus.Accepted, outcome.Status);
        var row = await channels.Services.GetRequiredService<InboxStore>().FindAsync(Guid.Parse(outcome.ProviderMessageId!), CancellationToken.None);
        Assert.Equal(message.Id, row!.MessageId);
        return row;
    }

    private ChannelsHost Host() => new([], db: db.Source);

    private static PushMessage Push() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.AndroidPush, Token = "tok", PushProvider = "fcm" };

    private static SmsMessage Sms(string to, string text) =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = to, Text = text };
}
