using System.Security.Claims;
using Dapper;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Pages.Messages;

/// What was said to a person is read by those who need it, and the audit log says who did. Having asked opens it for some minutes.
internal sealed class ContentDoor(NpgsqlDataSource db)
{
    private const string Action = "message.read";
    private static readonly TimeSpan Open = TimeSpan.FromMinutes(15);

    public static bool MayAsk(ClaimsPrincipal person) => Roles.Readers.Any(person.IsInRole);

    public async Task AskAsync(ClaimsPrincipal person, Guid message, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await AuditLog.AppendAsync(connection, new AuditEntry(Authors.Of(person.Identity?.Name), Action, $"message:{message:N}"), ct);
    }

    public async Task<bool> IsOpenAsync(ClaimsPrincipal person, Guid message, CancellationToken ct)
    {
        if (!MayAsk(person)) return false;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            Sql.Asked, new { target = $"message:{message:N}", actor = Authors.Of(person.Identity?.Name), action = Action, open = Open }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Asked = """
            select exists (
                select from audit_log
                where target = @target and id > uuid_from(now() - @open::interval) and actor = @actor and action = @action)
            """;
    }
}
