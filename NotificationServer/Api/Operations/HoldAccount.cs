using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class HoldAccount
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/providers/{account}:pause", PauseAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("PauseProvider")
            .WithSummary("Call a provider account no more, from any node, within two seconds")
            .WithDescription("Its messages wait in their queue; no attempt is counted. Calls under way come to their end.")
            .WithRequestExample("""{"reason":"the vendor asked for it","until":null}""");
        v1.MapPost("/providers/{account}:resume", ResumeAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("ResumeProvider")
            .WithSummary("Call a provider account again")
            .WithRequestExample("""{"reason":"the vendor is ready"}""");
    }

    private static async Task<Results<Ok<SwitchView>, Problem>> PauseAsync(
        string account, Body<HoldRequest> body, SwitchBoard board, ProviderRoutes routes, Caller caller, TimeProvider clock, CancellationToken ct)
    {
        if (!Exists(account, routes)) return Problems.NotFound();
        if (body.Value.Problem(clock) is { } problem) return problem;
        return TypedResults.Ok(SwitchView.Of(await board.HoldAsync(
            SwitchKind.Account, account, SwitchMode.Paused, body.Value.Reason, body.Value.Until, caller.Actor, ct)));
    }

    /// Also of an account that is configured no more: what is held can always be let go.
    private static async Task<Results<Ok<SwitchView>, Problem>> ResumeAsync(
        string account, Body<ResumeRequest> body, SwitchBoard board, ProviderRoutes routes, Switches switches, Caller caller, CancellationToken ct)
    {
        if (!Exists(account, routes) && switches.MayUse(account)) return Problems.NotFound();
        if (body.Value.Problem() is { } problem) return problem;
        await board.ResumeAsync(SwitchKind.Account, account, body.Value.Reason, caller.Actor, ct);
        return TypedResults.Ok(SwitchView.Running(SwitchKind.Account, account));
    }

    private static bool Exists(string account, ProviderRoutes routes) =>
        routes.Knows(account) || ChannelNames.All.Any(channel => routes.AccountsOf(channel).Contains(account));
}
