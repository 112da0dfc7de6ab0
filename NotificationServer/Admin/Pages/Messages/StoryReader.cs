using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Pages.Messages;

/// Reads everything that is kept of one message; each part by its key.
internal sealed class StoryReader(NpgsqlDataSource db)
{
    public const int MostSiblings = 20;

    public async Task<MessageStory?> ReadAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await FindAsync(connection, id, ct) is not { } head) return null;
        var range = IdRange.SiblingsOf([head.NotificationId, id]);
        var siblings = await ListAsync<Sibling>(connection, Sql.Siblings, new { head.NotificationId, id, range.From, range.Below, limit = MostSiblings + 1 }, ct);
        var attempts = await ListAsync<StoryWords.AttemptRow>(connection, Sql.Attempts, new { id }, ct);
        var receipts = await ListAsync<StoryWords.ReceiptRow>(connection, Sql.Receipts, new { id }, ct);
        var engagement = await ListAsync<StoryWords.EngagementRow>(connection, Sql.Engagement, new { id }, ct);
        var decisions = await ListAsync<StoryWords.DecisionRow>(connection, Sql.Decisions, new { id }, ct);
        var webhooks = head.UserId is null ? [] : await ListAsync<StoryWords.WebhookRow>(connection, Sql.Webhooks, new
        {
            user = head.UserId, message = head.PublicId, from = PrefixedId.SmallestAt(head.CreatedAt.AddMinutes(-1)),
        }, ct);
        return new MessageStory(head, StoryWords.Of(head, attempts, receipts, engagement, decisions, webhooks), siblings);
    }

    public async Task<MessageHead?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await FindAsync(connection, id, ct);
    }

    private static Task<MessageHead?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<MessageHead>(new CommandDefinition(Sql.Head, new { id }, cancellationToken: ct));

    private static async Task<IReadOnlyList<T>> ListAsync<T>(NpgsqlConnection connection, string sql, object parameters, CancellationToken ct) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct))).AsList();

    internal static class Sql
    {
        public const string Head = """
            select m.id, m.notification_id, m.client_id, c.name as client, m.user_id, m.device_id, m.channel, m.lane, m.address, m.push_provider, m.app_id, m.locale,
                m.time_zone, m.sandbox, m.reason, m.attempts, m.provider, m.provider_message_id, m.error_code, m.error_detail, m.created_at, m.send_at, m.expires_at,
                m.sent_at, m.updated_at, m.route_rule, m.pinned_provider, m.consent_id, coalesce(m.template, n.template) as template,
                coalesce(m.template_version, n.template_version) as template_version,
                case when m.status <> 'queued' or j.id is null then m.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                    when j.run_at <= now() then 'ready' else 'scheduled' end as state,
                case when j.state = 0 then j.run_at end as run_at, j.leased_by, j.leased_at,
                n.id is not null as has_notification, n.event_id, n.category, g.name as category_name, n.payload ->> 'collapse_key' as collapse_key, n.recipients,
                d.fingerprint, k.id as campaign_id, k.name as campaign_name
            from messages m
            left join jobs j on j.channel = m.channel and j.id = m.id
            left join notifications n on n.id = m.notification_id
            left join clients c on c.id = m.client_id
            left join categories g on g.key = n.category
            left join dead_letters d on d.message_id = m.id
            left join campaign_runs r on r.id = m.campaign_run_id
            left join campaigns k on k.id = r.campaign_id
            where m.id = @id
            """;

        public const string Attempts = """
            select attempt, outcome, provider, provider_message_id, error_code, detail, started_at, finished_at, node
            from attempts where message_id = @id order by attempt limit 200
            """;

        public const string Receipts = """
            select event, kind, account, code, detail::text as detail, at
            from receipts where message_id = @id order by at, received_at limit 200
            """;

        public const string Engagement = """
            select kind, by_whom, source, url, first_at, last_at, count
            from engagements where message_id = @id order by first_at limit 200
            """;

        public const string Decisions = """
            select decision, actor, reason, operation_id, at from decisions where message_id = @id order by at limit 200
            """;

        // Of one person there are few; those of nobody in particular are not found again by what they are about.
        public const string Webhooks = """
            select w.endpoint_id, w.type, w.at, w.status, w.attempts, w.http_status, w.error, e.url
            from webhook_deliveries w
            left join webhook_endpoints e on e.id = w.endpoint_id
            where w.user_id = @user and w.event_id >= @from and w.data ->> 'message_id' = @message
            order by w.event_id
            limit 50
            """;

        public const string Siblings = """
            select m.id, m.user_id, m.address, m.channel,
                case when m.status <> 'queued' or j.id is null then m.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                    when j.run_at <= now() then 'ready' else 'scheduled' end as state
            from messages m
            left join jobs j on j.channel = m.channel and j.id = m.id
            where m.notification_id = @NotificationId and m.id >= @From and m.id < @Below and m.id <> @id
            order by m.id
            limit @limit
            """;
    }
}
