using Dapper;
using NotificationServer.Tests.Support;
using NotificationServer.Watch;

namespace NotificationServer.Tests.Watch;

/// What is seen becomes an alert when it has lasted, stays one, and is over when it is seen no more. Time is put back in the database, not waited for.
public sealed class AlertBoardTests(Database db) : IClassFixture<Database>
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(45);
    private static readonly Dictionary<string, AlertRule> Rules = AlertRule.All.ToDictionary(rule => rule.Kind);
    private readonly AlertBoard board = new(db.Source);

    [Fact]
    public async Task It_is_raised_when_it_has_lasted_once_and_over_when_it_is_gone_for_a_while()
    {
        var open = new Sighting(AlertRule.BreakerOpen, "twilio", new Dictionary<string, object> { ["reason"] = "503" }); // must last 30 s

        Assert.Equal((0, 0), await NoteAsync(open));
        await AgoAsync("twilio", since: 31, seen: 5);
        Assert.Equal((1, 0), await NoteAsync(open));
        Assert.Equal((0, 0), await NoteAsync(open));
        Assert.InRange(await ScalarAsync<double>("select extract(epoch from now() - first_seen)::double precision from alerts where key = 'twilio'"), 31, 60);

        await AgoAsync("twilio", since: 100, seen: 30);
        Assert.Equal((0, 0), await NoteAsync());
        await AgoAsync("twilio", since: 100, seen: 46);
        Assert.Equal((0, 1), await NoteAsync());
        Assert.Equal(1, await ScalarAsync<long>("select count(*) from alerts where key = 'twilio' and cleared_at is not null"));

        // Again, it is a new one, and has to last again.
        Assert.Equal((0, 0), await NoteAsync(open));
        await AgoAsync("twilio", since: 31, seen: 5);
        Assert.Equal((1, 0), await NoteAsync(open));
    }

    [Fact]
    public async Task While_nobody_looked_nothing_has_lasted()
    {
        var open = new Sighting(AlertRule.BreakerOpen, "apns", new Dictionary<string, object>());
        await NoteAsync(open);
        await AgoAsync("apns", since: 4000, seen: 3000);

        Assert.Equal((0, 0), await NoteAsync(open));
    }

    [Fact]
    public async Task What_others_raise_is_not_cleared_here()
    {
        await using (var connection = await db.Source.OpenConnectionAsync())
            await connection.ExecuteAsync("insert into alerts (kind, key, detail) values ('webhook_disabled', 'whe_1', '{}')");

        await NoteAsync();

        Assert.Equal(1, await ScalarAsync<long>("select count(*) from alerts where key = 'whe_1' and cleared_at is null"));
    }

    [Fact]
    public async Task Of_several_nodes_one_looks_at_a_time()
    {
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => board.TakeTurnAsync(TimeSpan.FromMinutes(5), CancellationToken.None))), turn => turn);
    }

    private Task<(int Raised, int Cleared)> NoteAsync(params Sighting[] findings) => board.NoteAsync(findings, Rules, Quiet, CancellationToken.None);

    private async Task AgoAsync(string key, int since, int seen)
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("update alert_watch set since = now() - make_interval(secs => @since), seen_at = now() - make_interval(secs => @seen) where key = @key", new { key, since, seen });
    }

    private async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }
}
