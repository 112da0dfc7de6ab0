using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Queue;

/// Stores what a provider told, and moves the messages it is about. The order in which things are told does not matter: a message is
/// where the furthest of its receipts says, whichever came first, and whether or not our own "sent" is written yet.
internal static class ReceiptWriter
{
    internal sealed record Source(string Vendor, string Account, string Channel);

    /// In the caller's transaction. What was new; a repeat changes nothing.
    public static async Task<IReadOnlyList<StoredReceipt>> WriteAsync(
        NpgsqlConnection connection, Source from, IReadOnlyList<NewReceipt> told, CancellationToken ct)
    {
        // One order everywhere: two calls with the same events wait for each other instead of crosswise.
        var receipts = told.OrderBy(one => one.MessageId).ThenBy(one => one.Key).ToList();
        var messages = receipts.Select(one => one.MessageId).Where(id => id != Guid.Empty).Distinct().ToArray();
        await using var batch = new NpgsqlBatch(connection);
        // Three statements, one round trip: each sees what the ones that it waited for have committed. Jobs before messages, as
        // whoever writes results does.
        batch.BatchCommands.Add(With(new NpgsqlBatchCommand(Sql.LockJobs), messages, from));
        batch.BatchCommands.Add(With(new NpgsqlBatchCommand(Sql.LockMessages), messages, from));
        batch.BatchCommands.Add(Columns(new NpgsqlBatchCommand(Sql.Write), messages, from, receipts));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        await reader.NextResultAsync(ct);
        var parse = reader.GetRowParser<StoredReceipt>();
        var stored = new List<StoredReceipt>();
        while (await reader.ReadAsync(ct)) stored.Add(parse(reader));
        return stored;
    }

    /// Ours, of texts whose receipts name only the provider's own id.
    public static async Task<IReadOnlyDictionary<string, Guid>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<string> providerIds, CancellationToken ct) =>
        providerIds.Count == 0 ? new Dictionary<string, Guid>() : (await connection.QueryAsync<(string ProviderId, Guid Message)>(
            new CommandDefinition(Sql.Find, new { ids = providerIds.ToArray() }, cancellationToken: ct)))
            .GroupBy(row => row.ProviderId, StringComparer.Ordinal).ToDictionary(rows => rows.Key, rows => rows.First().Message, StringComparer.Ordinal);

    private static NpgsqlBatchCommand With(NpgsqlBatchCommand command, Guid[] messages, Source from)
    {
        command.Parameters.AddWithValue("messages", messages);
        command.Parameters.AddWithValue("channel", from.Channel);
        return command;
    }

    private static NpgsqlBatchCommand Columns(NpgsqlBatchCommand command, Guid[] messages, Source from, List<NewReceipt> receipts)
    {
        With(command, messages, from);
        command.Parameters.AddWithValue("vendor", from.Vendor);
        command.Parameters.AddWithValue("account", from.Account);
        var prints = receipts.ConvertAll(one => one.Status == MessageStatus.Failed.Name()
            ? FailurePrint.Of(from.Channel, from.Account, one.Code, one.Reason ?? "") : (FailurePrint?)null);
        void Add<T>(string name, NpgsqlDbType element, Func<NewReceipt, int, T> column) => command.Parameters.Add(
            new NpgsqlParameter(name, NpgsqlDbType.Array | element) { Value = receipts.Select(column).ToArray() });
        Add("ids", NpgsqlDbType.Uuid, (one, _) => one.MessageId);
        Add("keys", NpgsqlDbType.Uuid, (one, _) => one.Key);
        Add("events", NpgsqlDbType.Text, (one, _) => one.Event);
        Add("kinds", NpgsqlDbType.Text, (one, _) => one.Kind);
        Add("classes", NpgsqlDbType.Text, (one, _) => one.Class);
        Add("statuses", NpgsqlDbType.Text, (one, _) => one.Status);
        Add("codes", NpgsqlDbType.Text, (one, _) => one.Code);
        Add("reasons", NpgsqlDbType.Text, (one, _) => one.Reason);
        Add("providerIds", NpgsqlDbType.Text, (one, _) => one.ProviderMessageId);
        Add("ats", NpgsqlDbType.TimestampTz, (one, _) => one.At.UtcDateTime);
        Add("details", NpgsqlDbType.Text, (one, _) => one.Detail);
        Add("fingerprints", NpgsqlDbType.Text, (_, i) => prints[i]?.Fingerprint);
        Add("summaries", NpgsqlDbType.Text, (_, i) => prints[i]?.Summary);
        return command;
    }

    internal static class Sql
    {
        public const string LockJobs = """
            select id from jobs where channel = @channel and id = any(@messages::uuid[]) order by id for update
            """;

        public const string LockMessages = """
            select id from messages where id = any(@messages::uuid[]) and channel = @channel order by id for no key update
            """;

        // For as long as a vendor may take to tell; without a bound each day's partition would be looked through.
        public const string Find = """
            select provider_message_id, message_id
            from attempts
            where provider_message_id = any(@ids::text[]) and channel = 'sms' and outcome = 'accepted'
                and message_id >= uuid_from(now() - interval '8 days')
            order by message_id desc
            """;

        // A message of another channel than the provider's is none of its business, whoever signed.
        public const string Write = """
            with come as materialized (
                select c.*, array_position(array['sent', 'failed', 'delivered', 'bounced'], c.status) as rank
                from unnest(
                    @ids::uuid[], @keys::uuid[], @events::text[], @kinds::text[], @classes::text[], @statuses::text[], @codes::text[],
                    @reasons::text[], @providerIds::text[], @ats::timestamptz[], @details::text[], @fingerprints::text[], @summaries::text[])
                as c(message_id, key, event, kind, class, status, code, reason, provider_message_id, at, detail, fingerprint, summary)
            ), stored as (
                insert into receipts (message_id, key, vendor, account, event, kind, class, code, provider_message_id, at, detail)
                select message_id, key, @vendor, @account, event, kind, class, code, provider_message_id, at, detail::jsonb
                from come
                on conflict (message_id, key) do nothing
                returning message_id, key
            ), before as materialized (
                select m.id, m.notification_id, m.client_id, m.user_id, m.channel, m.lane, m.status, m.address, m.provider, m.attempts,
                    array_position(array['sent', 'failed', 'delivered', 'bounced'], m.status) as rank, j.state, j.attempt
                from messages m
                -- By their keys, whatever the planner believes of a queue that has just filled: it must not read all of it.
                left join (select id, state, attempt from jobs where channel = @channel and id = any(@messages::uuid[])) j on j.id = m.id
                where m.id = any(@messages::uuid[]) and m.channel = @channel
            ), moving as materialized (
                select distinct on (b.id) b.*, c.status as next, c.reason, c.code, c.provider_message_id, c.at, c.fingerprint, c.summary
                from stored s
                join come c using (message_id, key)
                join before b on b.id = c.message_id
                where case when b.status = 'queued'
                    -- It waits or is being sent, and the provider knows it already: our own answer is under way or was lost. What is
                    -- delivered must not be sent again; of "sent" we hear ourselves while the call lasts. What was told of an earlier
                    -- try says nothing against the one that a person asked for since.
                    then b.attempt > 0 and (c.status <> 'sent' or b.state = 0) and (c.status not in ('sent', 'failed') or not exists (
                        select from decisions d where d.message_id = b.id and d.decision = 'requeued' and d.at > c.at))
                    else c.rank > b.rank end
                order by b.id, c.rank desc, c.at
            ), ended as (
                delete from jobs j using moving v where v.status = 'queued' and j.channel = @channel and j.id = v.id and j.id = any(@messages::uuid[])
            ), told as (
                update messages m
                set status = v.next,
                    reason = case when v.next in ('bounced', 'failed') then v.reason end,
                    -- The call that is still under way writes its attempt down late, and finds the message ended.
                    attempts = m.attempts + case when v.state = 1 then 1 else 0 end,
                    provider = case when v.status = 'queued' then @account else coalesce(m.provider, @account) end,
                    provider_message_id = coalesce(m.provider_message_id, v.provider_message_id),
                    error_code = case when v.next in ('bounced', 'failed') then v.code end,
                    error_detail = case when v.next in ('bounced', 'failed') then v.reason end,
                    sent_at = coalesce(m.sent_at, least(v.at, now())),
                    updated_at = now()
                from moving v
                where m.id = v.id and m.id = any(@messages::uuid[])
            ), closed as (
                delete from dead_letters d using moving v where v.status = 'failed' and d.message_id = v.id
            ), dead as (
                insert into dead_letters (message_id, notification_id, client_id, channel, lane, provider, template, error_code,
                    fingerprint, reason, attempts, last_attempt)
                select v.id, v.notification_id, v.client_id, v.channel, v.lane, coalesce(v.provider, @account),
                    (select n.template from notifications n where n.id = v.notification_id), v.code, v.fingerprint, v.reason,
                    v.attempts + case when v.state = 1 then 1 else 0 end, coalesce(v.attempt, 0)
                from moving v
                where v.next = 'failed'
                on conflict (message_id) do nothing
            ), grouped as (
                insert into failure_groups as g (fingerprint, channel, provider, error_code, summary, total, sample_message_id)
                select fingerprint, min(channel), @account, min(code), min(summary), count(*), max(id::text)::uuid
                from moving
                where next = 'failed'
                group by fingerprint
                order by fingerprint
                on conflict (fingerprint) do update
                set total = g.total + excluded.total, last_seen = excluded.last_seen, sample_message_id = excluded.sample_message_id, state = 'open'
            )
            select s.message_id, s.key, b.address, b.user_id,
                case when c.kind in ('unsubscribed', 'resubscribed')
                    then (select n.category from notifications n where n.id = b.notification_id) end as category
            from stored s
            join (select distinct on (message_id, key) message_id, key, kind from come order by message_id, key) c using (message_id, key)
            left join before b on b.id = s.message_id
            """;
    }
}
