using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Once a minute some node looks whether the books balance. A difference is an alert until it is gone.
internal sealed class BalanceSweep(NpgsqlDataSource db, BalanceCheck check, ChoreBook chores, IOptions<QueueOptions> options, ILogger<BalanceSweep> log) : ISweep
{
    public bool HasTurns => true;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var turn = await connection.ExecuteAsync(new CommandDefinition(Sql.TakeTurn, new { every = options.Value.Balance }, cancellationToken: ct));
        if (turn > 0) await NotedAsync(ct);
        return false;
    }

    public async Task<bool> RunNowAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.TakeTurn, new { every = TimeSpan.Zero }, cancellationToken: ct));
        await NotedAsync(ct);
        return false;
    }

    private Task<IReadOnlyList<Difference>> NotedAsync(CancellationToken ct) => chores.RunAsync(nameof(BalanceSweep), options.Value.Balance, CheckAsync, ct);

    internal async Task<IReadOnlyList<Difference>> CheckAsync(CancellationToken ct)
    {
        var differences = await check.RunAsync(ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Clear, new { keys = differences.Select(d => $"{d.Kind} {d.Key}").ToArray() }, cancellationToken: ct));
        foreach (var one in differences)
        {
            var detail = JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["expected"] = one.Expected,
                ["found"] = one.Found,
                ["messages"] = one.Messages.Select(id => $"msg_{id:N}"),
            });
            Log.OutOfBalance(log, one.Kind, one.Key, detail);
            await connection.ExecuteAsync(new CommandDefinition(Sql.Raise, new { one.Kind, one.Key, detail }, cancellationToken: ct));
        }
        await connection.ExecuteAsync(new CommandDefinition(Sql.Completed, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return differences;
    }

    internal static class Sql
    {
        public const string TakeTurn = """
            update balance_checks set checked_at = now() where checked_at < now() - @every::interval
            """;

        // Apart from whose turn it is: a check that fails each time is taken on each time, too.
        public const string Completed = "update balance_checks set completed_at = now()";

        public const string Clear = """
            update alerts
            set cleared_at = now()
            where cleared_at is null and kind || ' ' || key <> all(@keys::text[])
                and (kind in ('queued_without_job', 'job_without_message', 'accepted_not_accounted_for')
                    or (kind = 'counter_drift' and (key not like '____-__-__T%' or exists (
                        -- A part of the log is right again when it was counted again and found so.
                        select from balance_buckets b
                        where b.bucket = left(key, 17)::timestamptz and b.checked_at > alerts.last_seen))))
            """;

        public const string Raise = """
            insert into alerts (kind, key, detail)
            values (@Kind, @Key, @detail::jsonb)
            on conflict (kind, key) where cleared_at is null do update
            set last_seen = now(), detail = excluded.detail
            """;
    }
}
