using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Notifications;

/// Stores many notifications by COPY, in the caller's transaction.
internal static class NotificationCopy
{
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<Decision> decisions, CancellationToken ct)
    {
        await using var rows = await connection.BeginBinaryImportAsync(Sql.Copy, ct);
        foreach (var decision in decisions)
        {
            var request = decision.Prepared.Request;
            await rows.StartRowAsync(ct);
            await rows.WriteAsync(decision.Id, NpgsqlDbType.Uuid, ct);
            await rows.WriteAsync(request.ClientId, NpgsqlDbType.Uuid, ct);
            await TextAsync(request.EventId);
            await TextAsync(decision.Prepared.Category.Key.Length == 0 ? null : decision.Prepared.Category.Key);
            await TextAsync(request.Template);
            if (decision.Prepared.TemplateVersion is { } version) await rows.WriteAsync(version, NpgsqlDbType.Integer, ct);
            else await rows.WriteNullAsync(ct);
            await rows.WriteAsync(decision.Prepared.PayloadJson, NpgsqlDbType.Json, ct);
            await InstantAsync(request.SendAt);
            await InstantAsync(decision.ExpiresAt);
            await InstantAsync(decision.AcceptedAt);
            await rows.WriteAsync(request.To.Count, NpgsqlDbType.Integer, ct);
        }
        await rows.CompleteAsync(ct);

        Task TextAsync(string? text) => text is null ? rows.WriteNullAsync(ct) : rows.WriteAsync(text, NpgsqlDbType.Text, ct);
        Task InstantAsync(DateTimeOffset? at) => at is { } instant ? rows.WriteAsync(instant.UtcDateTime, NpgsqlDbType.TimestampTz, ct) : rows.WriteNullAsync(ct);
    }

    internal static class Sql
    {
        public const string Copy = """
            copy notifications
                (id, client_id, event_id, category, template, template_version, payload, send_at, expires_at, accepted_at, recipients)
            from stdin (format binary)
            """;
    }
}
