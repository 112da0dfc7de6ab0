using System.Collections.Frozen;
using Dapper;
using NotificationServer.Platform;
using NotificationServer.Platform.Clocks;
using Npgsql;

namespace NotificationServer.Queue;

/// Whether messages of a campaign may go out now, read from the database twice a second: there is a row for each run that is under way and
/// no other, so that this costs next to nothing and no node goes on for longer than that once somebody said: hold.
internal sealed class CampaignDoor(NpgsqlDataSource db, TimeProvider clock, ILogger<CampaignDoor> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    // A run that is not in the picture is over, or younger than the picture: begun at most so long before it was to be seen.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(30);

    // One at a time: an answer that was asked for earlier must not overwrite a later one.
    private readonly SemaphoreSlim reading = new(1);
    private volatile Picture? seen;

    private sealed record Picture(DateTimeOffset Now, FrozenDictionary<Guid, Entry> Runs);

    /// Null: go ahead. Else until when it goes back to the queue, with nothing counted: until the window opens, or, of what is held, to
    /// where it is found again when it is let go, which is a place rather than a time: however late it is written, it must be there exactly.
    /// Zone: of whoever gets it.
    public DateTimeOffset? UntilOf(Guid run, string? zone, DateTimeOffset now)
    {
        if (seen is not { } picture) return now + Poll;
        if (!picture.Runs.TryGetValue(run, out var entry)) return PrefixedId.InstantOf(run) > picture.Now - Young ? now + Poll : null;
        if (entry.IsHeld) return HeldJobsOfRuns.PlaceOf(entry.Number);
        if (entry.WindowFrom is not { } from || entry.WindowTo is not { } to) return null;
        var opens = SendWindows.NextOpening(entry.Days, from, to, entry.IsLocal ? zone ?? entry.TimeZone : entry.TimeZone, now);
        return opens > now ? opens : null;
    }

    /// Read before the workers start, which are started after this.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Poll, clock, stoppingToken);
                await RefreshAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    public override void Dispose()
    {
        reading.Dispose();
        base.Dispose();
    }

    /// Keeps what it knew when the database cannot be asked: without it nothing can be claimed anyway.
    internal async Task RefreshAsync(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            var rows = (await connection.QueryAsync<Entry>(new CommandDefinition(Sql.UnderWay, cancellationToken: ct))).AsList();
            seen = new Picture(rows[0].Now, rows.Where(row => row.Id is not null).ToFrozenDictionary(row => row.Id!.Value)); // not null, as the filter says
        }
        catch (NpgsqlException e)
        {
            Log.CampaignsUnread(log, e);
        }
        finally
        {
            reading.Release();
        }
    }

    private sealed class Entry
    {
        public required DateTimeOffset Now { get; init; }
        public Guid? Id { get; init; }
        public long Number { get; init; }
        public bool IsHeld { get; init; }
        public bool IsLocal { get; init; }
        public string? TimeZone { get; init; }
        public TimeOnly? WindowFrom => TimeOnly.TryParse(FromText, System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : null;
        public TimeOnly? WindowTo => TimeOnly.TryParse(ToText, System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : null;
        public string? FromText { get; init; }
        public string? ToText { get; init; }
        public string[]? DayNames { get; init; }
        public IReadOnlyList<DayOfWeek> Days => days ??= [.. (DayNames ?? []).Select(name => Enum.Parse<DayOfWeek>(name, ignoreCase: true))];

        private IReadOnlyList<DayOfWeek>? days;
    }

    internal static class Sql
    {
        // One row at least: the clock is wanted even where nothing is under way.
        public const string UnderWay = """
            select clock_timestamp() as now, r.id, r.number, r.paused_at is not null or r.ending is not null as is_held,
                coalesce(r.plan #>> '{schedule,kind}', 'now') in ('local', 'Local') as is_local, r.plan #>> '{schedule,time_zone}' as time_zone,
                r.plan #>> '{send_window,from}' as from_text, r.plan #>> '{send_window,to}' as to_text,
                array(select jsonb_array_elements_text(r.plan #> '{send_window,days}')) as day_names
            from (select 1) as always
            left join campaign_runs r on r.phase <> 'ended'
            """;
    }
}
