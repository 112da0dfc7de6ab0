using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Api.Operations;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;

namespace NotificationServer.Api.Providers;

internal static class DrillProvider
{
    private const int Longest = 24 * 3600;

    public sealed record TripRequest(string Reason, [property: Description("1 to 86,400")] int ForSeconds = 300);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/providers/{account}:trip", TripAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("TripProvider")
            .WithSummary("A drill: treat an account as failing for a while")
            .WithDescription("Within two seconds its traffic goes through the next accounts. When the time is over one call finds out whether it works, and it is used again.")
            .WithRequestExample("""{"reason":"the quarterly drill","for_seconds":600}""");
        v1.MapPost("/providers/{account}:reset", ResetAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("ResetProvider")
            .WithSummary("Use an account again at once, whatever closed it")
            .WithRequestExample("""{"reason":"the drill is over"}""");
    }

    private static async Task<Results<Ok<ProviderView>, Problem>> TripAsync(
        string account, Body<TripRequest> body, Drill drill, ProviderAccounts accounts, ProviderViews views, Caller caller, CancellationToken ct)
    {
        if (accounts.Find(account) is not { } found) return Problems.NotFound();
        var errors = new FieldErrors();
        errors.CheckText(body.Value.Reason, "/reason", ReasonText.Longest);
        errors.Check(body.Value.ForSeconds is >= 1 and <= Longest, "/for_seconds", "out_of_range", "1 to 86,400");
        if (errors.Any) return errors.ToProblem();
        await drill.TripAsync(account, TimeSpan.FromSeconds(body.Value.ForSeconds), body.Value.Reason, caller.Actor, ct);
        return TypedResults.Ok(await views.OfAsync(found, ct));
    }

    private static async Task<Results<Ok<ProviderView>, Problem>> ResetAsync(
        string account, Body<ResumeRequest> body, Drill drill, ProviderAccounts accounts, ProviderViews views, Caller caller, CancellationToken ct)
    {
        if (accounts.Find(account) is not { } found) return Problems.NotFound();
        if (body.Value.Problem() is { } problem) return problem;
        await drill.ResetAsync(account, body.Value.Reason, caller.Actor, ct);
        return TypedResults.Ok(await views.OfAsync(found, ct));
    }
}
