using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Delivery.Routing;

namespace NotificationServer.Api.Providers;

internal static class TestProvider
{
    public sealed record Request(
        [property: Description("A phone number, a mail address or a push token; null: only the credentials are checked")] string? To = null,
        [property: Description("Where the account serves several")] string? Channel = null,
        [property: Description("Whose token it is; absent: the account's vendor")] string? PushProvider = null,
        [property: Description("Of the token; absent: the account's own app")] string? AppId = null,
        [property: Description("At most 300 characters")] string? Text = null);

    /// `check`: null where the vendor has no call that proves the credentials and does nothing else. `send`: null where there was no address.
    public sealed record Response(Step? Check, Step? Send);

    /// `outcome`: accepted, not_sent, throttled, transient, permanent, address_dead, misconfigured or unknown.
    public sealed record Step(string Outcome, string? Code, string? Detail, string? ProviderMessageId, double LatencyMs)
    {
        internal static Step? Of(TrialStep? one) => one is null ? null : new Step(one.Outcome, one.Code, one.Detail, one.ProviderMessageId, one.LatencyMs);
    }

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/providers/{account}:test", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(TestProvider))
        .WithSummary("Check an account's credentials, and send one message through it")
        .WithDescription("From the node that answers, past all limits and gates, also of an account that is not enabled. The message is in no list and in no figure.")
        .WithRequestExample("""{"to":"+41791234567","text":"A test of the new account"}""");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string account, Body<Request> body, ProviderAccounts accounts, AccountTrial trial, Caller caller, CancellationToken ct)
    {
        if (accounts.Find(account) is not { } found) return Problems.NotFound();
        if (found.Connection is null) return Problems.Conflict("wrong_state", $"This account cannot be used: {found.Problem}");
        var asked = body.Value;
        var (result, problems) = await trial.RunAsync(found, new TrialOrder(asked.To, asked.Channel, asked.PushProvider, asked.AppId, asked.Text), caller.Actor, ct);
        return result is null ? PutProvider.Invalid(problems) : TypedResults.Ok(new Response(Step.Of(result.Check), Step.Of(result.Send)));
    }
}
