using Dapper;
using Npgsql;

namespace NotificationServer.Watch;

/// Somebody is to be told of one end of an alert.
internal sealed class Telling
{
    public required Guid AlertId { get; init; }
    /// raised or cleared
    public required string Event { get; init; }
    public required string Channel { get; init; }
    public required int Tries { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    /// Of a mail that is in our own queue already.
    public Guid? NotificationId { get; init; }
    public required string Kind { get; init; }
    public required string Key { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public DateTimeOffset? ClearedAt { get; init; }
    public required string Detail { get; init; }
    public required DateTimeOffset Now { get; init; }

    public bool IsOver => Event == Tellings.Cleared;
}

/// How the last tellings at one place went.
internal sealed class ToldState
{
    public required string Channel { get; init; }
    public DateTimeOffset? ToldAt { get; init; }
    public DateTimeOffset? FailedAt { get; init; }
    public string? Problem { get; init; }
    public required long Waiting { get; init; }
}

/// Who is to be told of what, was told, and could not be. One row for each, so that nobody is told twice and nobody is forgotten.
internal sealed class Tellings(NpgsqlDataSource db)
{
    public const string Raised = "raised", Cleared = "cleared";
    private const int AtATime = 20;

    /// Writes down whom to tell of what has happened since. Of what was over before anybody was told, nobody is.
    public async Task PlanAsync(IReadOnlyCollection<string> channels, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.PlanRaised, new { channels = channels.ToArray() }, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.Overtaken, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.LongOver, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.PlanCleared, new { channels = channels.ToArray() }, cancellationToken: ct));
    }

    /// Nobody else is given them for a while; a node that dies now delays them by that and no more.
    public async Task<IReadOnlyList<Telling>> ClaimAsync(IReadOnlyCollection<string> channels, TimeSpan lease, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Telling>(new CommandDefinition(Sql.Claim, new { channels = channels.ToArray(), lease, most = AtATime }, cancellationToken: ct))).AsList();
    }

    public Task ToldAsync(Telling one, string? remark, CancellationToken ct) => WriteAsync(Sql.Told, new { one.AlertId, one.Event, one.Channel, problem = remark }, ct);

    public Task HandedOverAsync(Telling one, Guid notification, TimeSpan look, CancellationToken ct) =>
        WriteAsync(Sql.HandedOver, new { one.AlertId, one.Event, one.Channel, notification, look }, ct);

    /// Tried again later, until it is given up.
    public Task FailedAsync(Telling one, string problem, TimeSpan again, bool isGivenUp, CancellationToken ct) =>
        WriteAsync(Sql.Failed, new { one.AlertId, one.Event, one.Channel, problem, again, isGivenUp }, ct);

    public async Task<IReadOnlyList<ToldState>> StatesAsync(IReadOnlyCollection<string> channels, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<ToldState>(new CommandDefinition(Sql.States, new { channels = channels.ToArray() }, cancellationToken: ct))).AsList();
    }

    private async Task WriteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }

    internal static class Sql
    {
        // Nobody is told of what is muted. When that ends and it is still so, they are. Counters go wrong by the hundred, for one reason: people are told of
        // the first, and the others stand on the page.
        public const string PlanRaised = """
            insert into alert_notices (alert_id, event, channel)
            select a.id, 'raised', c.name
            from alerts a
            cross join unnest(@channels::text[]) as c(name)
            left join alert_rules r on r.kind = a.kind
            where a.cleared_at is null and (r.channels is null or c.name = any(r.channels)) and coalesce(r.enabled, true)
                and not exists (select from alert_mutes m where m.kind = a.kind and m.key in ('', a.key) and m.until > now())
                and (a.kind <> 'counter_drift' or not exists (
                    select from alerts o where o.kind = 'counter_drift' and o.cleared_at is null and (o.first_seen, o.id) < (a.first_seen, a.id)))
                and not exists (select from alert_notices n where n.alert_id = a.id and n.event = 'raised' and n.channel = c.name)
            on conflict do nothing
            """;

        public const string Overtaken = """
            update alert_notices n
            set given_up_at = now(), problem = 'It was over before anybody could be told.'
            from alerts a
            where a.id = n.alert_id and a.cleared_at is not null and n.event = 'raised' and n.told_at is null and n.given_up_at is null and n.notification_id is null
                and n.next_at <= now()
            """;

        // What was muted when it was over is no news long after: without this the end of a mute of a whole kind would be a burst of it. What was tried is tried on.
        public const string LongOver = """
            update alert_notices
            set given_up_at = now(), problem = 'It was long over before anybody could be told.'
            where event = 'cleared' and told_at is null and given_up_at is null and tries = 0 and created_at < now() - interval '1 hour'
            """;

        // The good news goes where the bad went.
        public const string PlanCleared = """
            insert into alert_notices (alert_id, event, channel)
            select n.alert_id, 'cleared', n.channel
            from alerts a
            join alert_notices n on n.alert_id = a.id
            where a.cleared_at > now() - interval '1 day' and n.event = 'raised' and (n.told_at is not null or n.notification_id is not null) and n.channel = any(@channels::text[])
                and not exists (select from alert_notices o where o.alert_id = n.alert_id and o.event = 'cleared' and o.channel = n.channel)
            on conflict do nothing
            """;

        // What is muted waits, whatever end of it and however often it was tried.
        public const string Claim = """
            with due as materialized (
                select n.alert_id, n.event, n.channel
                from alert_notices n
                where n.told_at is null and n.given_up_at is null and n.next_at <= now() and n.channel = any(@channels::text[])
                    and not exists (
                        select from alerts a join alert_mutes m on m.kind = a.kind and m.key in ('', a.key) and m.until > now() where a.id = n.alert_id)
                order by n.next_at limit @most for update of n skip locked
            )
            update alert_notices n
            set tries = n.tries + 1, next_at = now() + @lease::interval
            from due d, alerts a
            where n.alert_id = d.alert_id and n.event = d.event and n.channel = d.channel and a.id = n.alert_id
            returning n.alert_id, n.event, n.channel, n.tries, n.created_at, n.notification_id, a.kind, a.key, a.first_seen, a.cleared_at, a.detail::text as detail, now() as now
            """;

        public const string Told = """
            update alert_notices set told_at = now(), problem = @problem::text where alert_id = @AlertId and event = @Event and channel = @Channel
            """;

        public const string HandedOver = """
            update alert_notices set notification_id = @notification, next_at = now() + @look::interval, problem = null
            where alert_id = @AlertId and event = @Event and channel = @Channel
            """;

        public const string Failed = """
            update alert_notices
            set problem = @problem, next_at = now() + @again::interval, given_up_at = case when @isGivenUp::boolean then now() end
            where alert_id = @AlertId and event = @Event and channel = @Channel
            """;

        public const string States = """
            select c.name as channel,
                (select max(told_at) from (select told_at from alert_notices n where n.channel = c.name order by created_at desc limit 50) as few) as told_at,
                last.at as failed_at, last.problem,
                (select count(*) from alert_notices n where n.channel = c.name and n.told_at is null and n.given_up_at is null) as waiting
            from unnest(@channels::text[]) with ordinality as c(name, place)
            left join lateral (
                select n.problem, n.created_at as at
                from alert_notices n
                where n.channel = c.name and n.problem is not null and n.told_at is null
                order by n.created_at desc limit 1
            ) as last on true
            order by c.place
            """;
    }
}
