using Dapper;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Queue;

public sealed class RepeatsTests(Database db) : IClassFixture<Database>
{
    [Fact]
    public async Task What_was_accepted_twice_is_counted_and_what_was_tried_twice_is_not()
    {
        var (twice, once, retried) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var connection = await db.Source.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                insert into attempts (message_id, attempt, channel, outcome, started_at, finished_at, node)
                select id, attempt, 'sms', outcome, now(), now(), 'n1'
                from unnest(@ids, @attempts, @outcomes) as a(id, attempt, outcome)
                """, new
            {
                ids = new[] { twice, twice, once, retried, retried }, attempts = new[] { 1, 2, 1, 1, 2 }, outcomes = new[] { "accepted", "accepted", "accepted", "unknown", "accepted" },
            });
        var repeats = new Repeats(db.Source);

        Assert.Equal(1, await repeats.CountAsync([twice, once, retried], CancellationToken.None));
        Assert.Equal(0, await repeats.CountAsync([once, retried], CancellationToken.None));
        Assert.Equal(0, await repeats.CountAsync([], CancellationToken.None));
    }
}
