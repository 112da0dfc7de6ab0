using Dapper;
using Npgsql;

namespace NotificationServer.Api.Messages;

/// From and Below: the ids that are asked for, which are times. What is null is not asked for.
internal sealed record MessageFilter(Guid Client, Guid From, Guid Below)
{
    public Guid? Notification { get; init; }
    public string? User { get; init; }
    public string? Channel { get; init; }
    public string? Status { get; init; }
    public string? Provider { get; init; }
    public string? ErrorCode { get; init; }
    public string? Template { get; init; }
    public Guid[]? Runs { get; init; }
}

/// The three ways to a client's messages. There is no index of clients, nor of anything that a send changes: of a person or a notification there are
/// few, which have one, and else only so many are looked through for a page, whoever asks for whatever.
internal static class MessageScan
{
    /// One row more than a page has, where there is one. LookedUntil: it goes on below; null: to the end.
    public static async Task<(List<MessageRow> Rows, Guid? LookedUntil)> ReadAsync(
        NpgsqlConnection connection, MessageFilter filter, int size, int most, CancellationToken ct)
    {
        var isIndexed = filter.Notification is not null || filter.User is not null;
        var ofRuns = !isIndexed && filter.Runs is not null;
        var looksAt = ofRuns ? Math.Max(1, most / filter.Runs!.Length) : most; // just looked at; nobody asks for no runs
        var rows = (await connection.QueryAsync<MessageRow>(new CommandDefinition(isIndexed ? Sql.OfFew : ofRuns ? Sql.OfRuns : Sql.Newest, new
        {
            client = filter.Client,
            notification = filter.Notification,
            user = filter.User,
            channel = filter.Channel,
            status = filter.Status,
            provider = filter.Provider,
            errorCode = filter.ErrorCode,
            template = filter.Template,
            runs = filter.Runs,
            from = filter.From,
            below = filter.Below,
            looksAt,
            limit = size + 1,
        }, cancellationToken: ct))).AsList();
        // What is on the page is the newest of its run, or of all, but what another run has above it may not have been looked at.
        if (isIndexed || (rows.Count > size && !ofRuns)) return (rows, null);
        var last = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(ofRuns ? Sql.RunsLookedUntil : Sql.LookedUntil,
            new { runs = filter.Runs, from = filter.From, below = filter.Below, skip = looksAt - 1 }, cancellationToken: ct));
        if (last is not { } until) return (rows, null);
        // Whatever came meanwhile, or lies below the end of another run's part, is found again from there.
        rows.RemoveAll(row => row.Id.CompareTo(until) < 0);
        return rows.Count > size ? (rows, null) : (rows, until);
    }

    private const string Told = """
        m.id, m.notification_id, m.user_id, m.device_id, m.channel, m.delivery_status, m.reason, m.attempts, m.provider, m.provider_message_id,
            m.error_code, m.error_detail, m.created_at, m.send_at, m.expires_at, m.sent_at, m.next_attempt_at
        """;

    // Of what is looked at, a page of what is wanted. The state of what is live is its job's, looked up by its key and only for what is otherwise wanted.
    private const string OfWhatIsLookedAt = """
        from (
            select x.*, case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'sending'
                    when j.run_at > now() and j.attempt = 0 then 'scheduled' else 'queued' end as delivery_status,
                case when j.state = 0 then j.run_at end as next_attempt_at
            from looked x
            left join lateral (
                select j.id, j.state, j.run_at, j.attempt from jobs j where x.status = 'queued' and j.channel = x.channel and j.id = x.id limit 1
            ) j on true
            where x.client_id = @client
                and (@channel::text is null or x.channel = @channel)
                and (@status::text is null or x.status = case when @status in ('sending', 'scheduled') then 'queued' else @status end)
                and (@provider::text is null or x.provider = @provider)
                and (@errorCode::text is null or x.error_code = @errorCode)
                and (@template::text is null
                    or exists (select from notifications n where n.id = x.notification_id and n.template = @template))
        ) m
        where @status::text is null or m.delivery_status = @status
        order by m.id desc
        limit @limit
        """;

    internal static class Sql
    {
        // Never prepared by name: the planner sees the values, drops the filters that are null, and walks the newest partitions first.
        public const string OfFew = $"""
            select {Told}
            from message_states m
            where m.client_id = @client
                and m.id >= @from and m.id < @below
                and (@notification::uuid is null or m.notification_id = @notification)
                and (@user::text is null or m.user_id = @user)
                and (@channel::text is null or m.channel = @channel)
                and (@status::text is null or m.delivery_status = @status)
                and (@provider::text is null or m.provider = @provider)
                and (@errorCode::text is null or m.error_code = @errorCode)
                and (@runs::uuid[] is null or m.campaign_run_id = any(@runs::uuid[]))
                and (@template::text is null
                    or exists (select from notifications n where n.id = m.notification_id and n.template = @template))
            order by m.id desc
            limit @limit
            """;

        public const string Newest = $"""
            with looked as (
                select * from messages where id >= @from and id < @below order by id desc limit @looksAt
            )
            select {Told}
            {OfWhatIsLookedAt}
            """;

        // So many of each run: those of a run lie together in an index.
        public const string OfRuns = $"""
            with looked as (
                select m.*
                from unnest(@runs::uuid[]) run(id)
                cross join lateral (
                    select * from messages where campaign_run_id = run.id and id >= @from and id < @below order by id desc limit @looksAt
                ) m
            )
            select {Told}
            {OfWhatIsLookedAt}
            """;

        // Null: it looked at all that there was.
        public const string LookedUntil = """
            select id from messages where id >= @from and id < @below order by id desc offset @skip limit 1
            """;

        // Down to here every run was looked at; null: to its end.
        public const string RunsLookedUntil = """
            select last.id
            from unnest(@runs::uuid[]) run(id)
            cross join lateral (
                select m.id from messages m where m.campaign_run_id = run.id and m.id >= @from and m.id < @below order by m.id desc offset @skip limit 1
            ) last
            order by last.id desc
            limit 1
            """;
    }
}
