using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Watch;

/// The rules as people have set them.
internal sealed class RuleBook(NpgsqlDataSource db)
{
    /// What somebody wants of a rule. Channels null: everybody.
    internal sealed record Change(bool Enabled, double Threshold, TimeSpan Lasting, IReadOnlyList<string>? Channels);

    private sealed record Row
    {
        public required string Kind { get; init; }
        public required bool Enabled { get; init; }
        public double? Threshold { get; init; }
        public TimeSpan? Lasting { get; init; }
        public string[]? Channels { get; init; }
    }

    public async Task<IReadOnlyDictionary<string, AlertRule>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.Read, cancellationToken: ct))).ToDictionary(row => row.Kind, StringComparer.Ordinal);
        return AlertRule.All.ToDictionary(rule => rule.Kind, rule => rows.TryGetValue(rule.Kind, out var row) ? Of(rule, row) : rule, StringComparer.Ordinal);
    }

    public async Task ChangeAsync(AlertRule before, Change change, string actor, CancellationToken ct)
    {
        var server = AlertRule.Find(before.Kind) ?? before;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Change, new
        {
            before.Kind,
            change.Enabled,
            // What is as the server has it stays so when the server has it otherwise one day.
            threshold = change.Threshold.Equals(server.Threshold) ? (double?)null : change.Threshold,
            lasting = change.Lasting == server.Lasting ? (TimeSpan?)null : change.Lasting,
            channels = change.Channels?.ToArray(),
            actor,
        }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "alert.rule", $"alert:{before.Kind}")
        {
            Before = State(before.Enabled, before.Threshold, before.Lasting, before.Channels),
            After = State(change.Enabled, change.Threshold, change.Lasting, change.Channels),
        }, ct);
        await transaction.CommitAsync(ct);
    }

    private static AlertRule Of(AlertRule rule, Row row) => rule with
    {
        Enabled = row.Enabled, Threshold = row.Threshold ?? rule.Threshold, Lasting = row.Lasting ?? rule.Lasting, Channels = row.Channels, IsChanged = true,
    };

    private static Dictionary<string, object?> State(bool enabled, double threshold, TimeSpan lasting, IReadOnlyList<string>? channels) => new()
    {
        ["enabled"] = enabled, ["threshold"] = threshold, ["lasting_seconds"] = lasting.TotalSeconds, ["channels"] = channels,
    };

    internal static class Sql
    {
        public const string Read = "select kind, enabled, threshold, lasting, channels from alert_rules";

        public const string Change = """
            insert into alert_rules (kind, enabled, threshold, lasting, channels, changed_by)
            values (@Kind, @Enabled, @threshold, @lasting::interval, @channels::text[], @actor)
            on conflict (kind) do update
            set enabled = excluded.enabled, threshold = excluded.threshold, lasting = excluded.lasting, channels = excluded.channels,
                changed_by = excluded.changed_by, changed_at = now()
            """;
    }
}
