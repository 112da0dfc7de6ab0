using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class ListQueues
{
    public sealed record Response(IReadOnlyList<LaneView> Data, IReadOnlyList<SwitchView> Held);

    /// One lane of one channel. Rates are messages a second over the last minute; `failed` are dead letters that wait for a decision.
    /// `estimated`: more than 10,000 are ready and more than 10,000 scheduled, and these two come from a sample.
    public sealed record LaneView(
        string Channel, string Lane, long Ready, long Scheduled, long Leased, long Failed, double? OldestReadySeconds,
        double RateIn, double RateOut, bool Paused, bool Draining, bool Estimated);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/ops/queues", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(ListQueues))
        .WithSummary("Every queue by lane: what waits, since when, and how fast it moves");

    private static async Task<Ok<Response>> HandleAsync(QueueFigures figures, Switches switches, CancellationToken ct)
    {
        var lanes = await figures.ReadAsync([.. ChannelNames.All.Select(channel => channel.Name())], ct);
        var held = switches.Held.ToList();
        var views = lanes.Select(lane => View(lane, held.Find(one => one.Kind == SwitchKind.Channel && one.Name == lane.Channel)?.Mode));
        return TypedResults.Ok(new Response([.. views], [.. held.OrderBy(one => one.ChangedAt).Select(SwitchView.Of)]));
    }

    private static LaneView View(LaneFigures lane, SwitchMode? mode) => new(
        lane.Channel, LaneWords.Of(lane.Lane), lane.Ready, lane.Scheduled, lane.Leased, lane.Failed,
        lane.OldestReadySeconds is { } seconds ? Math.Round(seconds, 3) : null, Math.Round(lane.RateIn, 2), Math.Round(lane.RateOut, 2),
        mode == SwitchMode.Paused, mode == SwitchMode.Draining, lane.Estimated);
}
