using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Channels.Inbox;

namespace NotificationServer.Tests.Channels.Inbox;

public sealed class InboxKeepTests(InboxDatabase db) : IClassFixture<InboxDatabase>
{
    [Fact]
    public async Task The_oldest_go_now_and_then_and_the_newest_stay()
    {
        await using var channels = new ChannelsHost(new() { ["Channels:Inbox:Keep"] = "100" }, db: db.Source);
        var inbox = channels.Services.GetRequiredService<InboxProvider>();
        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("truncate inbox");

        for (var i = 0; i < 400; i++)
        {
            var message = new SmsMessage { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+1", Text = $"{i}" };
            Assert.Equal(SendStatus.Accepted, (await inbox.SendAsync(message, CancellationToken.None)).Status);
        }

        var kept = await channels.Services.GetRequiredService<InboxStore>().ListAsync(1000, null, null, null, CancellationToken.None);
        Assert.InRange(kept.Count, 100, 100 + 25 + 1);
        // Ids of one millisecond are in no order, so only the far end is compared.
        Assert.DoesNotContain(kept, row => int.Parse(row.Text!, System.Globalization.CultureInfo.InvariantCulture) < 200);
    }

    [Fact]
    public async Task A_trim_deletes_no_more_than_it_may()
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            truncate inbox;
            insert into inbox (id, message_id, channel, address) select gen_random_uuid(), gen_random_uuid(), 'sms', '+1' from generate_series(1, 50)
            """);

        var store = new InboxStore(db.Source);

        Assert.Equal(30, await store.TrimAsync(keep: 10, most: 30, CancellationToken.None));
        Assert.Equal(10, await store.TrimAsync(keep: 10, most: 30, CancellationToken.None));
        Assert.Equal(0, await store.TrimAsync(keep: 10, most: 30, CancellationToken.None));
    }
}
