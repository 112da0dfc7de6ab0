using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Queue;

/// What <see cref="MessageWriter"/> does, by COPY: for batches large enough that two more round trips do not count.
internal static class MessageCopy
{
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<NewMessage> messages, CancellationToken ct)
    {
        if (messages.Count == 0) return;
        await WriteMessagesAsync(connection, messages, ct);
        await WriteJobsAsync(connection, messages, ct);
    }

    private static async Task WriteMessagesAsync(NpgsqlConnection connection, IReadOnlyList<NewMessage> messages, CancellationToken ct)
    {
        await using var import = await connection.BeginBinaryImportAsync(Sql.Messages, ct);
        var row = new Row(import, ct);
        foreach (var message in messages)
        {
            await import.StartRowAsync(ct);
            await row.Uuid(message.Id);
            await row.Uuid(message.NotificationId);
            await row.Uuid(message.ClientId);
            await row.Text(message.UserId);
            await row.Text(message.DeviceId);
            await row.Text(message.Channel);
            await row.Small((short)message.Lane);
            await row.Text(message.Address);
            await row.Text(message.PushProvider);
            await row.Text(message.AppId);
            await row.Text(message.Locale);
            await import.WriteAsync(message.Sandbox, NpgsqlDbType.Boolean, ct);
            await row.Text(message.SuppressedBecause is null ? "queued" : "suppressed");
            await row.Text(message.SuppressedBecause);
            await row.Instant(message.CreatedAt);
            await row.Instant(message.SendAt);
            await row.Instant(message.ExpiresAt);
            await row.Instant(message.CreatedAt);
        }
        await import.CompleteAsync(ct);
    }

    private static async Task WriteJobsAsync(NpgsqlConnection connection, IReadOnlyList<NewMessage> messages, CancellationToken ct)
    {
        await using var import = await connection.BeginBinaryImportAsync(Sql.Jobs, ct);
        var row = new Row(import, ct);
        foreach (var message in messages)
        {
            if (message.SuppressedBecause is not null) continue;
            await import.StartRowAsync(ct);
            await row.Text(message.Channel);
            await row.Uuid(message.Id);
            await row.Small((short)message.Lane);
            await row.Instant(message.SendAt ?? message.CreatedAt);
            await row.Instant(message.ExpiresAt);
        }
        await import.CompleteAsync(ct);
    }

    private readonly struct Row(NpgsqlBinaryImporter import, CancellationToken ct)
    {
        public Task Uuid(Guid value) => import.WriteAsync(value, NpgsqlDbType.Uuid, ct);

        public Task Text(string? value) => value is null ? import.WriteNullAsync(ct) : import.WriteAsync(value, NpgsqlDbType.Text, ct);

        public Task Small(short value) => import.WriteAsync(value, NpgsqlDbType.Smallint, ct);

        public Task Instant(DateTimeOffset? value) =>
            value is { } at ? import.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz, ct) : import.WriteNullAsync(ct);
    }

    internal static class Sql
    {
        public const string Messages = """
            copy messages (id, notification_id, client_id, user_id, device_id, channel, lane, address, push_provider, app_id, locale,
                sandbox, status, reason, created_at, send_at, expires_at, updated_at)
            from stdin (format binary)
            """;

        public const string Jobs = "copy jobs (channel, id, lane, run_at, expires_at) from stdin (format binary)";
    }
}
