using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// One call that this node is to make now.
internal sealed record WebhookJob
{
    public required Guid EndpointId { get; init; }
    public required Guid EventId { get; init; }
    public required int Attempt { get; init; }
    /// Made of the schedule before this one.
    public required int Tries { get; init; }
    public required string Url { get; init; }
    public required byte[] Secret { get; init; }
    public required string SecretKey { get; init; }
    public byte[]? FormerSecret { get; init; }
    public string? FormerKey { get; init; }
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Data { get; init; }
}

/// Claims what is due, fairly: of every endpoint the first, then of every endpoint the second. An endpoint that is slow or fails fills its own
/// share and nobody else's.
internal sealed class WebhookJobs(NpgsqlDataSource db, NodeIdentity node, IOptions<WebhooksOptions> options)
{
    public async Task<IReadOnlyList<WebhookJob>> ClaimAsync(int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<WebhookJob>(new CommandDefinition(Sql.Claim, new
        {
            most, node = node.Name, lease = options.Value.Lease, perEndpoint = options.Value.PerEndpoint,
        }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        // The endpoints' rows are locked for the moment of the claim, so that two nodes count what is leased one after the other: the
        // bound holds over all of them. What another node looks at right now is passed over. The order is drawn by lot: where there are
        // more endpoints than room, each has its turn.
        public const string Claim = """
            with endpoint as materialized (
                select e.id, e.url, e.secret, e.secret_key, e.failing_since,
                    case when e.former_until > now() then e.former_secret end as former_secret,
                    case when e.former_until > now() then e.former_key end as former_key
                from webhook_endpoints e
                where e.enabled
                    and exists (select from webhook_jobs j where j.endpoint_id = e.id and j.state = 0 and j.run_at <= now())
                order by random()
                limit @most
                for no key update of e skip locked
            ), room as materialized (
                select e.id, greatest(0, case when e.failing_since is null then @perEndpoint else 1 end
                    - (select count(*) from webhook_jobs j where j.endpoint_id = e.id and j.state = 1)) as free
                from endpoint e
            ), due as materialized (
                select d.endpoint_id, d.event_id, row_number() over (partition by d.endpoint_id order by d.run_at, d.event_id) as turn
                from room r
                cross join lateral (
                    select j.endpoint_id, j.event_id, j.run_at
                    from webhook_jobs j
                    where j.endpoint_id = r.id and j.state = 0 and j.run_at <= now()
                    order by j.run_at, j.event_id
                    limit r.free
                    for update skip locked
                ) d
                order by turn, random()
                limit @most
            )
            update webhook_jobs j
            set state = 1, attempt = j.attempt + 1, leased_by = @node, lease_until = now() + @lease::interval
            from due, endpoint e, webhook_deliveries d
            where j.endpoint_id = due.endpoint_id and j.event_id = due.event_id and e.id = due.endpoint_id
                and d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
            returning j.endpoint_id, j.event_id, j.attempt, j.tries, e.url, e.secret, e.secret_key, e.former_secret, e.former_key,
                d.type, d.at, d.data::text as data
            """;
    }
}
