using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Benchmarks.Parts;

/// Fills the queue: one real notification a channel goes through the server's own intake, and SQL copies it to as many people as wanted.
internal static class Load
{
    /// Stores messages and, where they are still to be sent, leaves them without jobs until <see cref="ReleaseAsync"/>.
    public static async Task StoreAsync(Arena arena, int messages, bool finished, CancellationToken ct)
    {
        await ModelsAsync(arena, ct);
        // In pieces, so that no single statement holds a whole history in memory.
        const int piece = 250_000;
        for (var done = 0; done < messages; done += piece)
        {
            var size = Math.Min(piece, messages - done);
            await arena.ExecuteAsync(Sql.Copy, new { first = done, size, crowd = Crowd.Size, finished, total = messages }, ct);
            if (finished) await arena.ExecuteAsync(Sql.Attempts, new { size }, ct);
            await arena.ExecuteAsync(Sql.DropCopied, null, ct);
        }
    }

    /// One commit makes all of them due: the instant that a drain is counted from.
    public static async Task ReleaseAsync(Arena arena, Lane lane, CancellationToken ct)
    {
        await arena.ExecuteAsync(Sql.Release, new { lane = (short)lane }, ct);
    }

    public static PreparedRequest Request(Guid client, string user, string eventId, Channel channel, DateTimeOffset? sendAt = null)
    {
        var content = new Content { Title = "Order shipped", Body = "It leaves today", Text = "Your order leaves today.", Subject = "Order shipped", Html = "<p>Your order leaves <b>today</b>.</p>" };
        var request = new NotificationRequest
        {
            ClientId = client,
            EventId = eventId,
            To = [new RecipientReference(user, null, null, null)],
            Channels = [channel],
            SendAt = sendAt,
            Payload = new NotificationPayload { Content = content },
        };
        return new PreparedRequest(request, CategoryRule.None, [channel], null, request.Payload.ToJson());
    }

    private static async Task ModelsAsync(Arena arena, CancellationToken ct)
    {
        if (await arena.AskAsync<bool>(Sql.HasModels, ct)) return;
        await using var node = await LocalNode.StartAsync(arena.ConnectionString, delivers: false, TimeSpan.Zero, ct);
        var client = Guid.CreateVersion7();
        await node.Get<IntakeWriter>().StoreAsync(
            [.. ChannelNames.All.Select(channel => Request(client, Crowd.User(0), $"model:{channel}", channel))], ct);
        await arena.ExecuteAsync(Sql.KeepModels, null, ct);
    }

    internal static class Sql
    {
        public const string HasModels = "select to_regclass('model_messages') is not null";

        /// The models are taken out of the queue again: they are there to be copied.
        public const string KeepModels = """
            create unlogged table model_notifications as
                select n.*, m.channel from notifications n join messages m on m.notification_id = n.id;
            create unlogged table model_messages as
                select m.*, row_number() over (order by m.channel) - 1 as place from messages m;
            delete from jobs;
            delete from messages;
            delete from notifications;
            -- Nothing counts what is deleted, because nothing but this ever deletes messages: they were never there.
            delete from message_count_deltas;
            delete from message_counts
            """;

        /// Ids are UUIDv7 of the seconds before now, sixteen a millisecond; the people take turns, the channels within each person.
        public const string Copy = """
            create unlogged table copied as
            select
                (lpad(to_hex(floor(extract(epoch from now()) * 1000)::bigint - (@total - n) / 16), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
                    || '8' || substr(md5(n::text), 1, 15))::uuid as id,
                (lpad(to_hex(floor(extract(epoch from now()) * 1000)::bigint - (@total - n) / 16), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
                    || '9' || substr(md5(n::text), 1, 15))::uuid as notification_id,
                n, n % 5 as place, 'u' || lpad(((n / 5) % @crowd)::text, 6, '0') as user_id
            from generate_series(@first::bigint, @first::bigint + @size - 1) n;

            insert into notifications (id, client_id, event_id, category, template, template_version, payload, accepted_at, recipients)
            select c.notification_id, o.client_id, 'seed:' || c.n, o.category, o.template, o.template_version, o.payload, now(), 1
            from copied c
            join model_messages m on m.place = c.place
            join model_notifications o on o.channel = m.channel
            order by c.n;

            insert into messages (id, notification_id, client_id, user_id, device_id, channel, lane, address, push_provider, app_id, locale,
                sandbox, status, attempts, provider, provider_message_id, created_at, sent_at, updated_at)
            select c.id, c.notification_id, m.client_id, c.user_id, m.device_id, m.channel, m.lane,
                case m.channel when 'email' then u.email when 'sms' then u.phone else d.token end, m.push_provider, m.app_id, m.locale,
                m.sandbox, case when @finished then 'sent' else 'queued' end, case when @finished then 1 else 0 end,
                case when @finished then 'benchmark' end, case when @finished then 'benchmark-0001' end,
                now(), case when @finished then now() end, now()
            from copied c
            join model_messages m on m.place = c.place
            join users u on u.id = c.user_id
            left join devices d on d.user_id = c.user_id and d.id = m.device_id
            order by c.n
            """;

        public const string Attempts = """
            insert into attempts (message_id, attempt, channel, provider, outcome, provider_message_id, started_at, finished_at, node)
            select c.id, 1, m.channel, 'benchmark', 'accepted', 'benchmark-0001', now(), now(), 'benchmark'
            from copied c
            join model_messages m on m.place = c.place
            order by c.n
            limit @size
            """;

        public const string DropCopied = "drop table copied";

        public const string Release = """
            insert into jobs (channel, id, lane, run_at, expires_at)
            select channel, id, @lane, created_at, expires_at
            from messages
            where status = 'queued'
            order by id
            """;
    }
}
