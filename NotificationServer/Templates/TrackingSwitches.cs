using Dapper;
using Npgsql;

namespace NotificationServer.Templates;

/// What a template itself says of tracking; null: it says nothing.
internal readonly record struct TrackingSwitch(bool? Opens, bool? Clicks);

/// The switches of all templates that have some, as one small map that every node reads again every few seconds: a send costs a look
/// into memory. They are no part of a version, so that tracking can be ended for what is under way.
internal sealed class TrackingSwitches(NpgsqlDataSource db, TimeProvider clock)
{
    private readonly Lock gate = new();
    private Task<Known>? reading;

    private sealed record Known(IReadOnlyDictionary<string, TrackingSwitch> Switches, long ReadAt);

    private sealed record Row(string Key, bool? TrackOpens, bool? TrackClicks);

    public async ValueTask<TrackingSwitch> FindAsync(string template, TimeSpan maxAge, CancellationToken ct) =>
        (await Fresh(maxAge).WaitAsync(ct)).Switches.GetValueOrDefault(template);

    /// One reads; whoever comes meanwhile waits for the same answer. A read that failed is not kept.
    private Task<Known> Fresh(TimeSpan maxAge)
    {
        lock (gate)
        {
            if (reading is null || (reading.IsCompleted && !(reading.IsCompletedSuccessfully && clock.GetElapsedTime(reading.Result.ReadAt) < maxAge)))
                reading = ReadAsync();
            return reading;
        }
    }

    // Shared between callers: one caller's cancellation must not fail the others, so none is passed on.
    private async Task<Known> ReadAsync()
    {
        var asked = clock.GetTimestamp();
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.All, cancellationToken: CancellationToken.None));
        return new Known(rows.ToDictionary(row => row.Key, row => new TrackingSwitch(row.TrackOpens, row.TrackClicks), StringComparer.Ordinal), asked);
    }

    internal static class Sql
    {
        public const string All = """
            select key, track_opens, track_clicks
            from templates
            where track_opens is not null or track_clicks is not null
            """;
    }
}
