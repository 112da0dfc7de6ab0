using Npgsql;

namespace NotificationServer.Platform;

/// For deeds that change no row themselves, such as looking at what is hidden: the entry is all that there is to write.
internal sealed class AuditTrail(NpgsqlDataSource db)
{
    public async Task AppendAsync(AuditEntry entry, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await AuditLog.AppendAsync(connection, entry, ct);
    }
}
