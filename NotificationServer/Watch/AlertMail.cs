using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Channels.Email.Smtp;
using NotificationServer.Channels.Wire;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using Npgsql;

namespace NotificationServer.Watch;

/// Mails to those who look after this server: through its own queue as everybody's, and past it where that does not work.
internal sealed class AlertMail(NotificationIntake intake, WireClients wires, IOptions<AlertsOptions> options, NpgsqlDataSource db, TimeProvider clock) : IDisposable
{
    /// It is of no use tomorrow.
    private static readonly TimeSpan Useful = TimeSpan.FromHours(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly SmtpProvider? fallback = options.Value.Smtp.IsConfigured ? new SmtpProvider(wires, options.Value.Smtp, clock) : null;

    public bool HasFallback => fallback is not null;

    /// Null: it is not taken in, and why.
    public async Task<(Guid? Notification, string? Problem)> QueueAsync(IReadOnlyList<string> to, AlertText text, string eventId, CancellationToken ct)
    {
        var result = await intake.AcceptAsync(new NotificationRequest
        {
            // As what the admin app sends: of no client. The event makes it one mail, however often it is handed over.
            ClientId = Guid.Empty,
            EventId = eventId,
            To = [.. to.Select(address => new RecipientReference(null, address, null, null))],
            Channels = [Channel.Email],
            ExpiresAt = clock.GetUtcNow() + Useful,
            Payload = new NotificationPayload { Content = new Content(Subject: text.Subject, Text: text.Body), RespectQuietHours = false },
        }, ct);
        return (result.Notification?.Id, result.Notification is null ? $"our own queue did not take it: {result.Status}" : null);
    }

    /// To how many of how many mailboxes it went out.
    public async Task<(int Sent, int All)> SentAsync(Guid notification, CancellationToken ct)
    {
        var range = IdRange.SiblingsOf(notification);
        await using var connection = await db.OpenConnectionAsync(ct);
        var statuses = (await connection.QueryAsync<string>(new CommandDefinition(Sql.Statuses, new { notification, range.From, range.Below }, cancellationToken: ct))).AsList();
        return (statuses.Count(status => status is "sent" or "delivered"), statuses.Count);
    }

    /// Past our own queue, accounts and rules. Told: one mailbox took it at least; tried again for the others, it would be told to this one each time.
    public async Task<(bool Told, string? Problem)> FallBackAsync(IReadOnlyList<string> to, AlertText text)
    {
        if (fallback is null) return (false, "there is no other mail server (Alerts:Smtp)");
        // At the same time: all of them together take no longer than one may, which is less than the lease of whoever tells.
        var outcomes = await Task.WhenAll(to.Select(address => SendAsync(fallback, address, text)));
        var refused = outcomes.Where(outcome => outcome.Status != SendStatus.Accepted).ToList();
        return (refused.Count < outcomes.Length, refused is [var first, ..] ? $"the other mail server, {refused.Count} of {outcomes.Length} mailboxes: {first.Code} {first.Detail}" : null);
    }

    private async Task<SendOutcome> SendAsync(SmtpProvider server, string address, AlertText text)
    {
        using var over = new CancellationTokenSource(Deadline, clock);
        return await server.SendAsync(new EmailMessage { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = address, Subject = text.Subject, Text = text.Body }, over.Token);
    }

    public void Dispose() => fallback?.Dispose();

    internal static class Sql
    {
        public const string Statuses = """
            select status from messages where notification_id = @notification and id >= @from and id < @below
            """;
    }
}
