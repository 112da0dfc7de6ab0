using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// If nobody can say whether a person wants it, it is not sent: it waits.
[Bar("S38")]
public sealed class FailClosedTests(Walk walk) : IClassFixture<Walk>
{
    [Theory]
    [InlineData("preferences")]
    [InlineData("blocks")]
    [InlineData("suppressions")]
    public async Task While_a_persons_wishes_cannot_be_read_nothing_leaves_and_afterwards_it_does(string table)
    {
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email });
        var message = Walk.MessageOf(await walk.Post(new
        {
            to = new[] { new { user_id = user } }, channels = new[] { "email" }, category = "orders", content = new { subject = "Hi", text = "Hi" },
            send_at = TimeProvider.System.GetUtcNow().AddMinutes(10),
        }));

        await ExecuteAsync($"alter table {table} rename to {table}_away");
        try
        {
            await walk.ItIsTimeFor(message);
            await Eventually.IsTrueAsync(() => walk.Server.Log.Text.Contains($"relation \"{table}\" does not exist", StringComparison.Ordinal));
            Assert.DoesNotContain(walk.Simulator.Ledger, entry => entry.To == email);
            Assert.Contains((await walk.Get($"/v1/messages/{message}")).GetProperty("delivery_status").GetString(), new[] { "queued", "sending" });
        }
        finally
        {
            await ExecuteAsync($"alter table {table}_away rename to {table}");
        }

        await walk.ItIsTimeFor(message);
        await walk.Until(message, "sent");
        Assert.Single(walk.Simulator.Ledger, entry => entry.To == email);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await walk.Server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
