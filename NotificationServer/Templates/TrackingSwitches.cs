using Dapper;
using Npgsql;

namespace NotificationServer.Templates;

/// What a template itself says of tracking; null: it says nothing.
internal readonly record struct TrackingSwitch(bool? Opens, bool? Clicks);

/// The switches of all templates that have some, as one small map that every node reads again every few seconds: a send costs a look
/// into memory. They are no part of a version, so that tracking can be ended for what is under way.
internal sealed class TrackingSwitches(NpgsqlDataSource db, TimeProvider clock)
{
    private readonly SemaphoreSlim reading = new(1);
    private Known? known;

    private sealed record Known(IReadOnlyDictionary<string, TrackingSwitch> Switches, long ReadAt);

    private sealed record Row(string Key, bool? TrackOpens, bool? TrackClicks);

    public async ValueTask<TrackingSwitch> FindAsync(string template, TimeSpan maxAge, CancellationToken ct)
    {
        if (known is not { } now || clock.GetElapsedTime(now.ReadAt) >= maxAge) now = await RefreshAsync(maxAge, ct);
        return now.Switches.GetValueOrDefault(template);
    }

    private async Task<Known> RefreshAsync(TimeSpan maxAge, CancellationToken ct)
    {
        // One reads; whoever comes meanwhile goes by what was known, if anything was.
        if (!await reading.WaitAsync(known is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, ct)) return known!; // it is never taken back
        try
        {
            if (known is { } fresh && clock.GetElapsedTime(fresh.ReadAt) < maxAge) return fresh;
            var asked = clock.GetTimestamp();
            await using var connection = await db.OpenConnectionAsync(ct);
            var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.All, cancellationToken: ct));
            return known = new Known(rows.ToDictionary(row => row.Key, row => new TrackingSwitch(row.TrackOpens, row.TrackClicks), StringComparer.Ordinal), asked);
        }
        finally
        {
            reading.Release();
        }
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
