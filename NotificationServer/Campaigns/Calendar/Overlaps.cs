using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using Npgsql;

namespace NotificationServer.Campaigns.Calendar;

/// Whom too much is planned for: a collision of campaigns whose audiences have nobody in common is none.
internal sealed class Overlaps(NpgsqlDataSource db, Audiences audiences, TimeProvider clock)
{
    /// More is not told apart.
    public const int CountTo = 10_000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);
    private const int MostAsked = 2, MostKept = 1000;

    /// A page waits for it. What is not known by then is told as it would be of the same people.
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(0.1);

    private readonly ConcurrentDictionary<string, (long At, long? People)> known = new(StringComparer.Ordinal);

    /// Without those that concern nobody; the others with how many people they concern, as far as that was found out in time.
    public async Task<IReadOnlyList<Collision>> OfAsync(IReadOnlyList<Collision> collisions, CancellationToken ct)
    {
        var (left, asked) = (new List<Collision>(collisions.Count), 0);
        foreach (var collision in collisions)
        {
            var key = KeyOf(collision);
            if (key is null)
            {
                left.Add(collision);
                continue;
            }
            if (!known.TryGetValue(key, out var found) || clock.GetElapsedTime(found.At) > MaxAge)
            {
                if (asked++ >= MostAsked)
                {
                    left.Add(collision);
                    continue;
                }
                if (known.Count >= MostKept) known.Clear();
                known[key] = found = (clock.GetTimestamp(), await CountAsync(collision, ct));
            }
            if (found.People != 0) left.Add(collision with { People = found.People });
        }
        return left;
    }

    /// Null: there is nothing to ask, since enough of them mean the same people.
    private static string? KeyOf(Collision collision)
    {
        var mine = KeyOf(collision.Run.Audience);
        var others = collision.Before.Select(run => KeyOf(run.Audience)).Order(StringComparer.Ordinal).ToList();
        return others.Count(key => key == mine) >= collision.Limit.Count ? null
            : string.Create(CultureInfo.InvariantCulture, $"{collision.Limit.Count} {mine} | {string.Join(" + ", others)}");
    }

    private static string KeyOf(Audience audience) => $"{string.Join(',', audience.SegmentIds.Order())}-{string.Join(',', audience.ExcludeSegmentIds.Order())}";

    /// Null: not in time, or one of the segments is gone.
    private async Task<long?> CountAsync(Collision collision, CancellationToken ct)
    {
        if (await audiences.InAllAsync(collision.Run.Audience, [.. collision.Before.Select(run => run.Audience)], collision.Limit.Count, ct) is not { } whom) return null;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            AudienceReader.Sql.Limit, new { limit = Patience.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) }, cancellationToken: ct));
        try
        {
            var parameters = new DynamicParameters(whom.Parameters);
            parameters.Add("limit", CountTo + 1);
            return await connection.ExecuteScalarAsync<long>(new CommandDefinition(whom.In(Sql.Count), parameters, cancellationToken: ct));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    internal static class Sql
    {
        public const string Count = $"select count(*) from (select from users u where {AudienceSql.Whom} limit @limit) as met";
    }
}
