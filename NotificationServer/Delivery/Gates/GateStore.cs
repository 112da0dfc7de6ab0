using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery.Gates;

/// The gates as all nodes share them. Each move is one guarded update, so that two nodes that learn the same make one step.
internal sealed class GateStore(NpgsqlDataSource db, NodeIdentity node, IOptions<GatesOptions> options)
{
    internal sealed record Picture(DateTimeOffset Now, IReadOnlyDictionary<string, GateRow> Rows);

    public async Task<Picture> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.Read, cancellationToken: ct))).AsList();
        return new Picture(rows[0].Now, rows.Where(row => row.Account is not null).ToDictionary(row => row.Account!, row => row.ToGate(), StringComparer.Ordinal));
    }

    /// The provider asked for quiet. Never shortens what is asked for already.
    public Task<bool> QuietAsync(string account, TimeSpan wait, string reason, CancellationToken ct) =>
        MoveAsync(Sql.Quiet, new { account, wait, reason }, ct);

    /// True if it was closed by this call; another node may have been faster.
    public Task<bool> OpenBreakerAsync(string account, string reason, CancellationToken ct) =>
        MoveAsync(Sql.OpenBreaker, new { account, reason, first = options.Value.OpenFor }, ct);

    /// At most one node in the cluster is told yes, until it reports or its time is over.
    public Task<bool> TakeProbeAsync(string account, CancellationToken ct) =>
        MoveAsync(Sql.TakeProbe, new { account, node = node.Name, probe = options.Value.Probe }, ct);

    public Task<bool> ProbeSucceededAsync(string account, CancellationToken ct) =>
        MoveAsync(Sql.CloseBreaker, new { account, node = node.Name }, ct);

    public Task<bool> ProbeFailedAsync(string account, string reason, CancellationToken ct) =>
        MoveAsync(Sql.ReopenBreaker, new { account, node = node.Name, reason, first = options.Value.OpenFor, most = options.Value.OpenAtMost }, ct);

    private async Task<bool> MoveAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct)) > 0;
    }

    private sealed record Row
    {
        public required DateTimeOffset Now { get; init; }
        public string? Account { get; init; }
        public DateTimeOffset? NotBefore { get; init; }
        public string? Reason { get; init; }
        public string? Breaker { get; init; }
        public DateTimeOffset? OpenedAt { get; init; }
        public DateTimeOffset? OpenUntil { get; init; }
        public int? TimesOpened { get; init; }
        public DateTimeOffset? ProbeUntil { get; init; }
        public DateTimeOffset? UpdatedAt { get; init; }

        public GateRow ToGate() => new()
        {
            Account = Account ?? "",
            NotBefore = NotBefore,
            Reason = Reason,
            Breaker = Breaker ?? GateRow.Closed,
            OpenedAt = OpenedAt,
            OpenUntil = OpenUntil,
            TimesOpened = TimesOpened ?? 0,
            ProbeUntil = ProbeUntil,
            UpdatedAt = UpdatedAt ?? Now,
        };
    }

    internal static class Sql
    {
        // One row at least: the clock is wanted even where no gate is.
        public const string Read = """
            select clock_timestamp() as now, g.account, g.not_before, g.reason, g.breaker, g.opened_at, g.open_until, g.times_opened, g.probe_until, g.updated_at
            from (select 1) as always
            left join provider_gates g on true
            """;

        // The random tenth takes the waiting off one instant; decided here, so that it is the same for every node.
        public const string Quiet = """
            insert into provider_gates as g (account, not_before, reason)
            values (@account, now() + @wait::interval * (1 + random() * 0.1), @reason)
            on conflict (account) do update
            set not_before = greatest(g.not_before, excluded.not_before),
                reason = case when g.breaker = 'closed' then excluded.reason else g.reason end, updated_at = now()
            """;

        public const string OpenBreaker = """
            insert into provider_gates as g (account, breaker, reason, opened_at, open_until, times_opened)
            values (@account, 'open', @reason, now(), now() + @first::interval, 1)
            on conflict (account) do update
            set breaker = 'open', reason = excluded.reason, opened_at = now(), open_until = excluded.open_until, times_opened = 1, updated_at = now()
            where g.breaker = 'closed'
            """;

        public const string TakeProbe = """
            update provider_gates
            set breaker = 'half_open', probe_holder = @node, probe_until = now() + @probe::interval, updated_at = now()
            where account = @account and (not_before is null or not_before <= now())
                and ((breaker = 'open' and open_until <= now()) or (breaker = 'half_open' and probe_until <= now()))
            """;

        public const string CloseBreaker = """
            update provider_gates
            set breaker = 'closed', reason = null, opened_at = null, open_until = null, times_opened = 0,
                probe_holder = null, probe_until = null, updated_at = now()
            where account = @account and breaker = 'half_open' and probe_holder = @node
            """;

        // 2^20 first waits are above any limit; a larger exponent would only overflow.
        public const string ReopenBreaker = """
            update provider_gates
            set breaker = 'open', reason = @reason, times_opened = times_opened + 1,
                open_until = now() + least(@most::interval, @first::interval * power(2, least(times_opened, 20))),
                probe_holder = null, probe_until = null, updated_at = now()
            where account = @account and breaker = 'half_open' and probe_holder = @node
            """;
    }
}
