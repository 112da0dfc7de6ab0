using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class HoldQueue
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/ops/queues/{channel}:pause", PauseAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("PauseQueue")
            .WithSummary("Start nothing of a channel any more, on any node, within two seconds")
            .WithDescription("What is under way comes to its end, what waits is kept, and new messages are still taken in.")
            .WithRequestExample("""{"reason":"provider outage","until":null}""");
        v1.MapPost("/ops/queues/{channel}:drain", DrainAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("DrainQueue")
            .WithSummary("Work off what a channel holds, and take nothing new in")
            .WithDescription("A notification that has a message for the channel is answered 503 `queue_full` as a whole, nothing of it accepted; its sender comes back later. Messages scheduled for later stay.")
            .WithRequestExample("""{"reason":"moving to another account","until":null}""");
        v1.MapPost("/ops/queues/{channel}:resume", ResumeAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("ResumeQueue")
            .WithSummary("Let a channel run again, on every node, within two seconds")
            .WithRequestExample("""{"reason":"provider is back"}""");
    }

    private static Task<Results<Ok<SwitchView>, Problem>> PauseAsync(
        string channel, Body<HoldRequest> body, SwitchBoard board, Caller caller, TimeProvider clock, CancellationToken ct) =>
        HoldAsync(channel, SwitchMode.Paused, body.Value, board, caller, clock, ct);

    private static Task<Results<Ok<SwitchView>, Problem>> DrainAsync(
        string channel, Body<HoldRequest> body, SwitchBoard board, Caller caller, TimeProvider clock, CancellationToken ct) =>
        HoldAsync(channel, SwitchMode.Draining, body.Value, board, caller, clock, ct);

    private static async Task<Results<Ok<SwitchView>, Problem>> HoldAsync(
        string channel, SwitchMode mode, HoldRequest request, SwitchBoard board, Caller caller, TimeProvider clock, CancellationToken ct)
    {
        if (!ChannelNames.TryParse(channel, out _)) return Problems.NotFound();
        if (request.Problem(clock) is { } problem) return problem;
        return TypedResults.Ok(SwitchView.Of(
            await board.HoldAsync(SwitchKind.Channel, channel, mode, request.Reason, request.Until, caller.Actor, ct)));
    }

    private static async Task<Results<Ok<SwitchView>, Problem>> ResumeAsync(
        string channel, Body<ResumeRequest> body, SwitchBoard board, Caller caller, CancellationToken ct)
    {
        if (!ChannelNames.TryParse(channel, out _)) return Problems.NotFound();
        if (body.Value.Problem() is { } problem) return problem;
        await board.ResumeAsync(SwitchKind.Channel, channel, body.Value.Reason, caller.Actor, ct);
        return TypedResults.Ok(SwitchView.Running(SwitchKind.Channel, channel));
    }
}
