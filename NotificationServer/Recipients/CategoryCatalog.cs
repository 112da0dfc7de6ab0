using System.Collections.Frozen;
using System.Diagnostics;
using Dapper;
using NotificationServer.Channels;
using Npgsql;

namespace NotificationServer.Recipients;

/// All categories, in memory: there are dozens, they change a few times a year, and every notification asks for one.
internal sealed class CategoryCatalog(NpgsqlDataSource db) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim loading = new(1);
    private volatile Loaded? current;

    public async ValueTask<CategoryRule?> FindAsync(string key, CancellationToken ct)
    {
        var loaded = current;
        if (loaded is null || Stopwatch.GetElapsedTime(loaded.At) > MaxAge) loaded = await ReloadAsync(loaded, ct);
        return loaded.Categories.GetValueOrDefault(key);
    }

    public void Dispose() => loading.Dispose();

    private async Task<Loaded> ReloadAsync(Loaded? stale, CancellationToken ct)
    {
        // One reload at a time; whoever has an old list meanwhile goes on with it.
        if (stale is not null && !await loading.WaitAsync(0, ct)) return stale;
        if (stale is null) await loading.WaitAsync(ct);
        try
        {
            if (current is { } fresh && fresh != stale) return fresh;
            var at = Stopwatch.GetTimestamp();
            await using var connection = await db.OpenConnectionAsync(ct);
            var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.All, cancellationToken: ct));
            return current = new Loaded(at, rows.ToFrozenDictionary(row => row.Key, row => row.ToRule(), StringComparer.Ordinal));
        }
        finally
        {
            loading.Release();
        }
    }

    private sealed record Loaded(long At, FrozenDictionary<string, CategoryRule> Categories);

    private sealed class Row
    {
        public required string Key { get; init; }
        public required string Class { get; init; }
        public TimeSpan? ExpiresAfter { get; init; }
        public required bool DefaultOptIn { get; init; }
        public required string QuietHours { get; init; }
        public string[]? Channels { get; init; }
        public int? LimitCount { get; init; }
        public TimeSpan? LimitPer { get; init; }
        public string? LimitPolicy { get; init; }

        public CategoryRule ToRule() => new(Key, Enum.Parse<MessageClass>(Class, ignoreCase: true), ExpiresAfter)
        {
            DefaultOptIn = DefaultOptIn,
            Quiet = Enum.Parse<QuietPolicy>(QuietHours, ignoreCase: true),
            Channels = Channels?.SelectMany(ChannelNames.Expand).ToFrozenSet(),
            Limit = LimitCount is { } count && LimitPer is { } per && LimitPolicy is { } policy
                ? new ContactLimit(count, per, Enum.Parse<LimitPolicy>(policy, ignoreCase: true))
                : null,
        };
    }

    internal static class Sql
    {
        public const string All = """
            select key, class, expires_after, default_opt_in, quiet_hours, channels, limit_count, limit_per, limit_policy
            from categories
            """;
    }
}
