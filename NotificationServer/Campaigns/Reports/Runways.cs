using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Campaigns.Reports;

/// How much an account can send: PerSecond, and on one day the most of MostOn, less what is used of today already.
internal sealed record Runway(string Account, double PerSecond, RunwaySource Source, AccountLimits Limits, long UsedToday)
{
    public long? MostOn(DateOnly day, DateOnly today) => Limits.MostOn(day) is { } most ? Math.Max(0, most - (day == today ? UsedToday : 0)) : null;
}

internal enum RunwaySource
{
    /// The account has a rate.
    Rate,
    /// Its queue was seen to send so fast while more came in than went out.
    Measured,
    Assumed,
}

/// The accounts and queues as they are now, as far as they decide how long many messages take.
internal sealed class Runways(NpgsqlDataSource db, ProviderAccounts accounts, QueueFigures queues, Switches switches, IOptions<ReportOptions> options)
{
    /// Waiting: by channel, what is due before anything new. Held: channels and accounts that somebody has paused.
    internal sealed record Picture(IReadOnlyDictionary<string, Runway> ByAccount, IReadOnlyDictionary<string, long> Waiting, IReadOnlyList<string> Held);

    private sealed record Fastest(string Channel, long Went, bool Saturated);

    public async Task<Picture> ReadAsync(IReadOnlyCollection<ReachRoute> routes, CancellationToken ct)
    {
        var channels = routes.Select(route => route.Channel).Distinct().ToList();
        var keys = routes.SelectMany(route => route.Accounts).Distinct().ToList();
        Dictionary<string, long> used;
        Dictionary<string, Fastest> fastest;
        await using (var connection = await db.OpenConnectionAsync(ct))
        {
            used = (await connection.QueryAsync<(string Account, long Taken)>(new CommandDefinition(Sql.UsedToday, new { keys }, cancellationToken: ct)))
                .ToDictionary(row => row.Account, row => row.Taken, StringComparer.Ordinal);
            fastest = (await connection.QueryAsync<Fastest>(new CommandDefinition(Sql.Fastest, new { channels }, cancellationToken: ct)))
                .ToDictionary(row => row.Channel, StringComparer.Ordinal);
        }
        var lanes = channels.Count == 0 ? [] : await queues.ReadAsync(channels, ct);
        return new Picture(
            keys.ToDictionary(key => key, key => Of(key, routes.Where(route => route.Accounts.Contains(key)).Select(route => fastest.GetValueOrDefault(route.Channel)), used), StringComparer.Ordinal),
            lanes.GroupBy(lane => lane.Channel).ToDictionary(group => group.Key, group => group.Sum(lane => lane.Ready), StringComparer.Ordinal),
            [.. switches.Held.Where(held => held.Mode == SwitchMode.Paused && (held.Kind == SwitchKind.Channel ? channels : keys).Contains(held.Name)).Select(held => held.Name)]);
    }

    private Runway Of(string key, IEnumerable<Fastest?> seen, Dictionary<string, long> used)
    {
        var limits = accounts.Find(key)?.Limits ?? AccountLimits.None;
        if (limits.RatePerSecond is { } rate) return new Runway(key, rate, RunwaySource.Rate, limits, used.GetValueOrDefault(key));
        // A quiet week says nothing of how fast it could have gone: then it is what was assumed, or what was seen if that was more.
        var best = seen.OfType<Fastest>().OrderByDescending(one => one.Went).FirstOrDefault();
        var perSecond = (best?.Went ?? 0) / TimeSpan.FromMinutes(10).TotalSeconds;
        return best is { Saturated: true } || perSecond > options.Value.AssumedRatePerSecond
            ? new Runway(key, Math.Max(perSecond, 0.01), RunwaySource.Measured, limits, used.GetValueOrDefault(key))
            : new Runway(key, options.Value.AssumedRatePerSecond, RunwaySource.Assumed, limits, used.GetValueOrDefault(key));
    }

    internal static class Sql
    {
        public const string UsedToday = """
            select account, taken from provider_rates where account = any(@keys::text[]) and day = (now() at time zone 'utc')::date
            """;

        // The best ten minutes of a week in which much waited: more came than went, by more than a little.
        public const string Fastest = """
            select channel, max(went)::bigint as went, bool_or(came > went + 1000 and went > 100) as saturated
            from (
                select at, channel, sum(came) as came, sum(went) as went
                from queue_history
                where at >= now() - interval '7 days' and channel = any(@channels::text[])
                group by at, channel
            ) as steps
            group by channel
            """;
    }
}
