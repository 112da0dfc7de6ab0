using Dapper;
using NotificationServer.Tracking.Webhooks;
using Npgsql;

namespace NotificationServer.Admin.Pages.Webhooks;

internal sealed record EndpointTotal(long All, long Failing, long Stopped);

internal sealed record ClientChoice(Guid Id, string Name);

/// Everybody's endpoints: an administrator owns none and keeps all.
internal sealed class WebhookDesk(NpgsqlDataSource db)
{
    private const int MostClients = 500;

    public async Task<IReadOnlyList<EndpointRow>> ListAsync(Guid? client, string? state, Guid? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<EndpointRow>(new CommandDefinition(Sql.List, new { client, state, after, limit }, cancellationToken: ct))).AsList();
    }

    public async Task<EndpointRow?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<EndpointRow>(new CommandDefinition(Sql.Find, new { id }, cancellationToken: ct));
    }

    public async Task<EndpointTotal> TotalAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<EndpointTotal>(new CommandDefinition(Sql.Total, cancellationToken: ct));
    }

    public async Task<IReadOnlyList<ClientChoice>> ClientsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<ClientChoice>(new CommandDefinition(Sql.Clients, new { limit = MostClients }, cancellationToken: ct))).AsList();
    }

    /// In whose name a change of it is made; the log says who made it.
    public static EndpointOwner Owner(EndpointRow row, string actor) => new(row.ClientId, row.Sandbox, actor);

    internal static class Sql
    {
        private const string Columns = """
            e.id, e.client_id, c.name as client, e.sandbox, e.url, e.event_types, e.description, e.enabled, e.disabled_reason, e.disabled_at, e.failing_since,
            case when e.former_until > now() then e.former_until end as former_until, e.version, e.created_at, e.created_by, now() as now,
            lately.told, lately.delivered, jobs.waiting
            """;

        // Of each endpoint the newest of a day, by its key: bounded, however much it is told.
        private const string Figures = """
            cross join lateral (
                select count(*) as told, count(*) filter (where status = 'delivered') as delivered
                from (select status from webhook_deliveries
                    where endpoint_id = e.id and event_id >= uuid_from(now() - interval '1 day') and status <> 'pending'
                    order by event_id desc limit 500) newest
            ) lately
            cross join lateral (
                select count(*) as waiting from (select from webhook_jobs where endpoint_id = e.id limit 1001) few
            ) jobs
            """;

        public const string List = $"""
            select {Columns}
            from webhook_endpoints e
            join clients c on c.id = e.client_id
            {Figures}
            where e.deleted_at is null and (@client::uuid is null or e.client_id = @client)
                and (@state::text is null or @state::text = case when not e.enabled then 'off' when e.failing_since is not null then 'failing' else 'works' end)
                and (@after::uuid is null or (c.name, e.id) > ((select clients.name from clients join webhook_endpoints last on last.client_id = clients.id where last.id = @after), @after))
            order by c.name, e.id
            limit @limit
            """;

        public const string Find = $"""
            select {Columns}
            from webhook_endpoints e
            join clients c on c.id = e.client_id
            {Figures}
            where e.deleted_at is null and e.id = @id
            """;

        public const string Total = """
            select count(*) as all, count(*) filter (where enabled and failing_since is not null) as failing, count(*) filter (where disabled_reason is not null) as stopped
            from webhook_endpoints
            where deleted_at is null
            """;

        public const string Clients = "select id, name from clients order by name limit @limit";
    }
}
