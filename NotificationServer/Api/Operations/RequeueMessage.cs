using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class RequeueMessage
{
    public sealed record Request(
        string Reason, [property: Description("Not possible yet: must be null")] string? Provider = null);

    public sealed record Response(string Id, string DeliveryStatus);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/messages/{id}:requeue", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(RequeueMessage))
        .WithSummary("Send a failed message again")
        .WithDescription("Opt-outs and expiry are looked at again before it is sent. A message that a provider accepted is refused with 409.")
        .WithRequestExample("""{"reason":"the provider is repaired","provider":null}""");

    private static async Task<Results<Accepted<Response>, Problem>> HandleAsync(
        string id, Body<Request> body, Requeue requeue, Caller caller, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("msg", id, out var message)) return Problems.NotFound();
        var errors = new FieldErrors();
        errors.CheckText(body.Value.Reason, "/reason", ReasonText.Longest);
        errors.CheckNoProvider(body.Value.Provider);
        if (errors.Any) return errors.ToProblem();

        return await requeue.RequeueAsync(message, body.Value.Reason, caller.Actor, ct) switch
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
    public static void CheckNoProvider(this FieldErrors errors, string? provider) =>
        errors.Check(provider is null, "/provider", "not_available", "Messages cannot be sent through a provider of your choice yet; leave it out");
}
