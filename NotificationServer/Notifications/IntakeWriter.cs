using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Notifications;

/// Decides and stores a batch of requests: one read for all the people in it, one transaction for all that follows from it.
internal sealed class IntakeWriter(NpgsqlDataSource db, RecipientReader recipients, ProviderRoutes routes, Wakeups wakeups, Switches switches)
{
    public async Task<IReadOnlyList<IntakeResult>> StoreAsync(IReadOnlyList<PreparedRequest> requests, CancellationToken ct)
    {
        var known = await ReadRecipientsAsync(requests, ct);
        var all = requests.Select(request => Decision.Of(request, known, routes)).ToList();
        var decisions = all.Where(TakenIn).ToList();
        if (decisions.Count == 0) return all.ConvertAll(_ => new IntakeResult(IntakeStatus.QueueFull));

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var keys = new IntakeKeys(connection, decisions);
        await keys.ReserveAsync(ct);
        var accepted = decisions.Where(keys.Won).ToList();
        await InsertAsync(connection, accepted, ct);
        var results = await keys.ResolveAsync(ct);
        // Dies the process before this line, nothing was accepted; after it, everything was. The answers leave only after.
        await transaction.CommitAsync(ct);

        foreach (var (channel, lane) in accepted.SelectMany(d => d.Messages).Where(m => m.SuppressedBecause is null).Select(m => (m.Channel, m.Lane)).Distinct())
            wakeups.Wake(channel, lane);
        return all.Count == decisions.Count ? results : Spread(all, decisions, results);
    }

    /// A queue that is being drained takes nothing in, and of a request everything or nothing is accepted.
    private bool TakenIn(Decision decision) =>
        decision.Messages.All(message => message.SuppressedBecause is not null || switches.TakesIn(message.Channel));

    private static List<IntakeResult> Spread(List<Decision> all, List<Decision> taken, IReadOnlyList<IntakeResult> results)
    {
        var ofTaken = taken.Zip(results).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        return all.ConvertAll(one => ofTaken.GetValueOrDefault(one.Id) ?? new IntakeResult(IntakeStatus.QueueFull));
    }

    private Task<KnownRecipients> ReadRecipientsAsync(IReadOnlyList<PreparedRequest> requests, CancellationToken ct)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var to in requests.SelectMany(request => request.Request.To))
        {
            if (to.UserId is not null) users.Add(to.UserId);
            if (to.Email is not null) addresses.Add(to.Email);
            if (to.Phone is not null) addresses.Add(to.Phone);
        }
        return recipients.ReadAsync(users, addresses, ct);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, List<Decision> decisions, CancellationToken ct)
    {
        if (decisions.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(InsertNotifications(decisions));
        var messages = decisions.SelectMany(decision => decision.Messages).ToList();
        if (messages.Count > 0) batch.BatchCommands.Add(MessageWriter.InsertCommand(messages));
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand InsertNotifications(List<Decision> decisions) => new(Sql.InsertNotifications)
    {
        Parameters =
        {
            new("ids", decisions.ConvertAll(d => d.Id)),
            new("clients", decisions.ConvertAll(d => d.Prepared.Request.ClientId)),
            new("events", decisions.ConvertAll(d => d.Prepared.Request.EventId)),
            new("categories", decisions.ConvertAll(d => d.Prepared.Category.Key)),
            new("templates", decisions.ConvertAll(d => d.Prepared.Request.Template)),
            new("versions", decisions.ConvertAll(d => d.Prepared.TemplateVersion)),
            new("payloads", decisions.ConvertAll(d => d.Prepared.PayloadJson)),
            new("send_at", decisions.ConvertAll(d => d.Prepared.Request.SendAt)),
            new("expires_at", decisions.ConvertAll(d => d.ExpiresAt)),
            new("accepted_at", decisions.ConvertAll(d => d.AcceptedAt)),
            new("recipients", decisions.ConvertAll(d => d.Prepared.Request.To.Count)),
        },
    };

    internal static class Sql
    {
        public const string InsertNotifications = """
            insert into notifications
                (id, client_id, event_id, category, template, template_version, payload, send_at, expires_at, accepted_at, recipients)
            select id, client_id, event_id, nullif(category, ''), template, version, payload::json, send_at, expires_at, accepted_at, recipients
            from unnest(
                @ids::uuid[], @clients::uuid[], @events::text[], @categories::text[], @templates::text[], @versions::integer[],
                @payloads::text[], @send_at::timestamptz[], @expires_at::timestamptz[], @accepted_at::timestamptz[], @recipients::integer[])
            as n(id, client_id, event_id, category, template, version, payload, send_at, expires_at, accepted_at, recipients)
            """;
    }
}
