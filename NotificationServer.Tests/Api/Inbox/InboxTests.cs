using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Inbox;

public sealed class InboxTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task The_inbox_shows_the_newest_first_page_by_page()
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var start = TimeProvider.System.GetUtcNow();
        for (var n = 0; n < 3; n++)
        {
            await connection.ExecuteAsync("""
                insert into inbox (id, message_id, channel, address, text, payload, received_at)
                values (@id, @id, 'sms', '+41791234567', @text, '{"from":"x"}', now() + @n * interval '1 second')
                """, new { id = Guid.CreateVersion7(start.AddSeconds(n)), text = $"number {n}", n });
        }

        var first = await server.Client.JsonAsync("GET /v1/inbox?limit=2&to=%2B41791234567");
        var second = await server.Client.JsonAsync($"GET /v1/inbox?limit=2&to=%2B41791234567&cursor={first.GetProperty("next_cursor").GetString()}");

        var items = first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray()).ToArray();
        Assert.Equal(["number 2", "number 1", "number 0"], items.Select(i => i.GetProperty("text").GetString()));
        Assert.StartsWith("msg_", items[0].GetProperty("message_id").GetString(), StringComparison.Ordinal);
        Assert.Equal("x", items[0].GetProperty("payload").GetProperty("from").GetString());
        Assert.Empty((await server.Client.JsonAsync("GET /v1/inbox?channel=email")).GetProperty("data").EnumerateArray());
    }
}
