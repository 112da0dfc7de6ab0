using System.Text.Json;
using Dapper;
using Npgsql;

namespace NotificationServer.Platform;

internal sealed record AuditEntry(string Actor, string Action, string Target)
{
    public Dictionary<string, object?>? Before { get; init; }
    public Dictionary<string, object?>? After { get; init; }
    public string? Reason { get; init; }
}

/// Who did what, and why. Written in the transaction of the deed: there is neither without the other.
internal static class AuditLog
{
    public static Task AppendAsync(NpgsqlConnection connection, AuditEntry entry, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Sql.Append, new
        {
            id = Guid.CreateVersion7(),
            entry.Actor,
            entry.Action,
            entry.Target,
            before = Json(entry.Before),
            after = Json(entry.After),
            entry.Reason,
            ip = AuditOrigin.Current?.ToString(),
        }, cancellationToken: ct));

    private static string? Json(Dictionary<string, object?>? state) => state is null ? null : JsonSerializer.Serialize(state);

    internal static class Sql
    {
        public const string Append = """
            insert into audit_log (id, actor, action, target, before, after, reason, ip)
            values (@id, @Actor, @Action, @Target, @before::jsonb, @after::jsonb, @Reason, @ip::inet)
            """;
    }
}
