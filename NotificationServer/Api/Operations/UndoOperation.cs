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

internal static class UndoOperation
{
    public sealed record Request([property: Description("Kept in the audit log and with each message")] string Reason);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/operations/{id}:undo", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(UndoOperation))
        .WithSummary("Take back what an operation did, as far as nothing came of it")
        .WithDescription("The operation ends. Requeued messages that no provider was called for yet are failed again, with the dead letter that they had; what is being sent, or was, stays as it is. "
            + "Discarded messages have their dead letters again. 202 with the operation that does it; once, and within a week.")
        .WithRequestExample("""{"reason":"the provider is not repaired after all"}""")
        .Produces<BulkRules.Started>(StatusCodes.Status202Accepted);

    private static async Task<Results<Accepted<BulkRules.Started>, Problem>> HandleAsync(
        string id, Body<Request> body, Undo undo, Caller caller, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("op", id, out var operation)) return Problems.NotFound();
        var errors = new FieldErrors();
        errors.CheckText(body.Value.Reason, "/reason", ReasonText.Longest);
        if (errors.Any) return errors.ToProblem();

        var answer = await undo.StartAsync(operation, body.Value.Reason, caller.Actor, ct);
        return answer.Status switch
        {
            UndoStatus.Started when answer.Operation is { } started => BulkRules.Accept(started),
            UndoStatus.Started or UndoStatus.UnknownOperation => Problems.NotFound(),
            UndoStatus.IsAnUndo => Problems.Conflict("wrong_state", "An undo cannot be undone; what it put back can be requeued or discarded again"),
            UndoStatus.UndoneBefore => Problems.Conflict("wrong_state", "This operation was undone before"),
            UndoStatus.TooLate => Problems.Conflict("wrong_state", "This operation ended more than a week ago: what its messages were before is not known any more"),
        };
    }
}
