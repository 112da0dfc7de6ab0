using Dapper;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Campaigns.Reports;

/// Who was told often enough: the buckets of a category as they will be at an instant, if nobody is told anything until then.
internal sealed class ContactRoom(NpgsqlDataSource db)
{
    internal enum Answer
    {
        Room,
        /// There is room in time, but later.
        Later,
        Full,
    }

    private sealed record Bucket(string UserId, string Channel, double Tokens, DateTime FilledAt);

    /// Of those who are not in it there is room for one more.
    public async Task<IReadOnlyDictionary<(string User, string Family), Answer>> FullAsync(
        CategoryRule category, IReadOnlyCollection<string> users, DateTimeOffset at, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        if (category.Limit is not { } limit || users.Count == 0) return new Dictionary<(string, string), Answer>();
        await using var connection = await db.OpenConnectionAsync(ct);
        var buckets = await connection.QueryAsync<Bucket>(new CommandDefinition(Sql.Buckets, new { users = users.ToArray(), category = category.Key }, cancellationToken: ct));
        var full = new Dictionary<(string, string), Answer>();
        foreach (var bucket in buckets)
        {
            var pace = limit.Count / limit.Per.TotalSeconds;
            var tokens = Math.Min(limit.Count, bucket.Tokens + (Math.Max(0, (at.UtcDateTime - bucket.FilledAt).TotalSeconds) * pace));
            if (tokens >= 1) continue;
            var due = at.AddSeconds((1 - tokens) / pace);
            full[(bucket.UserId, bucket.Channel)] = limit.Policy == LimitPolicy.Drop || due >= expiresAt ? Answer.Full : Answer.Later;
        }
        return full;
    }

    internal static class Sql
    {
        public const string Buckets = """
            select user_id, channel, tokens, filled_at from contact_buckets where user_id = any(@users::text[]) and category = @category
            """;
    }
}
