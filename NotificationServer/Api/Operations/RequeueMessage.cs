using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class RequeueMessage
{
    public sealed record Request(
        string Reason, [property: Description("A provider account: through this one and no other; null: as its route says")] string? Provider = null);

    public sealed record Response(string Id, string DeliveryStatus);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/messages/{id}:requeue", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(RequeueMessage))
        .WithSummary("Send a failed message again")
        .WithDescription("Opt-outs and expiry are looked at again before it is sent. A message that a provider accepted is refused with 409.")
        .WithRequestExample("""{"reason":"the provider is repaired","provider":null}""");

    private static async Task<Results<Accepted<Response>, Problem>> HandleAsync(
        string id, Body<Request> body, Requeue requeue, ProviderAccounts accounts, Caller caller, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("msg", id, out var message)) return Problems.NotFound();
        var errors = new FieldErrors();
        errors.CheckText(body.Value.Reason, "/reason", ReasonText.Longest);
        errors.CheckProvider(body.Value.Provider, accounts);
        if (errors.Any) return errors.ToProblem();

        return await requeue.RequeueAsync(message, body.Value.Reason, caller.Actor, body.Value.Provider, ct) switch
        {
            RequeueStatus.Requeued => TypedResults.Accepted($"/v1/messages/{id}", new Response(id, "queued")),
            RequeueStatus.UnknownMessage => Problems.NotFound(),
            RequeueStatus.NotFailed => Problems.Conflict("wrong_state", "Only a failed message can be requeued; this one is not, or not any more"),
            RequeueStatus.AcceptedBefore => Problems.Conflict("wrong_state",
                "A provider accepted this message: it has been sent, whatever happened after. To send it again would be a duplicate"),
        };
    }
}

internal static class ProviderWish
{
    /// Refused rather than ignored: who asks for another provider has a reason.
    public static void CheckProvider(this FieldErrors errors, string? provider, ProviderAccounts accounts) =>
        errors.Check(provider is null || accounts.Find(provider) is { IsUsable: true }, "/provider", "unknown_provider",
            "There is no provider account of this key that is enabled; leave it out to go where the route says");
}
