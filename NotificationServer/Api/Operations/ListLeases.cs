using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Api.Operations;

internal static class ListLeases
{
    private const string List = "leases";

    /// A message that a node is sending. `stuck`: its lease ran out and nobody has taken it up yet.
    public sealed record Lease(
        string MessageId, string Channel, string Lane, int Attempt, int Crashes, string Node, DateTimeOffset LeasedAt, DateTimeOffset LeaseUntil, bool Stuck);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/ops/leases", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(ListLeases))
        .WithSummary("What is being sent right now and by which node, the lease that ends first first")
        .WithDescription("`stuck=true`: only those whose lease ran out.");

    private static async Task<Results<Ok<Page<Lease>>, Problem>> HandleAsync(
        [FromQuery(Name = "stuck")] bool? stuck, [AsParameters] PageQuery page, Cursors cursors, NpgsqlDataSource db, CancellationToken ct)
    {
        if (page.Read(cursors, List, 2, out var after) is { } problem) return problem;
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Leases, new
        {
            stuck = stuck ?? false,
            until = after is null ? (long?)null : long.Parse(after[0], System.Globalization.CultureInfo.InvariantCulture),
            id = after is null ? (Guid?)null : Guid.ParseExact(after[1], "N"),
            limit = page.Size + 1,
        }, cancellationToken: ct));
        return TypedResults.Ok(Page.Of(rows.AsList(), page.Size, row => row.ToLease(),
            row => cursors.Seal(List, row.Position.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Id.ToString("N"))));
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public required string Channel { get; init; }
        public required Lane Lane { get; init; }
        public required int Attempt { get; init; }
        public required int Crashes { get; init; }
        public required string LeasedBy { get; init; }
        public required DateTimeOffset LeasedAt { get; init; }
        public required DateTimeOffset LeaseUntil { get; init; }
        public required bool Stuck { get; init; }
        public required long Position { get; init; }

        public Lease ToLease() => new(PrefixedId.Format("msg", Id), Channel, LaneWords.Of(Lane), Attempt, Crashes, LeasedBy, LeasedAt, LeaseUntil, Stuck);
    }

    internal static class Sql
    {
        public const string Leases = """
            select id, channel, lane, attempt, crashes::integer as crashes, leased_by, leased_at, lease_until, lease_until < now() as stuck,
                (extract(epoch from lease_until) * 1000000)::bigint as position
            from jobs
            where state = 1 and (not @stuck::boolean or lease_until < now())
                and (@until::bigint is null or ((extract(epoch from lease_until) * 1000000)::bigint, id) > (@until::bigint, @id::uuid))
            order by lease_until, id
            limit @limit
            """;
    }
}
