using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using NotificationServer.Queue;

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
        [FromQuery(Name = "stuck")] bool? stuck, [AsParameters] PageQuery page, Cursors cursors, LeaseList leases, CancellationToken ct)
    {
        if (page.Read(cursors, List, 2, out var after) is { } problem) return problem;
        var rows = await leases.ReadAsync(stuck ?? false,
            after is null ? null : long.Parse(after[0], CultureInfo.InvariantCulture), after is null ? null : Guid.ParseExact(after[1], "N"), page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, View, row => cursors.Seal(List, row.Position.ToString(CultureInfo.InvariantCulture), row.Id.ToString("N"))));
    }

    private static Lease View(LeaseInfo one) => new(
        PrefixedId.Format("msg", one.Id), one.Channel, LaneWords.Of(one.Lane), one.Attempt, one.Crashes, one.LeasedBy, one.LeasedAt, one.LeaseUntil, one.Stuck);
}
