using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Api.Operations;

internal static class CancelOperation
{
    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/operations/{id}:cancel", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(CancelOperation))
        .WithSummary("Leave alone what an operation has not come to yet")
        .WithDescription("What it did stays done: requeued messages can be cancelled with their notification.");

    private static async Task<Results<Ok<OperationView>, Problem>> HandleAsync(
        string id, NotificationServer.Queue.Operations operations, ImportStore imports, Caller caller, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("op", id, out var operation)) return Problems.NotFound();
        var cancelled = await operations.CancelAsync(operation, caller.Actor, ct);
        if (await operations.FindAsync(operation, ct) is not { } found) return await CancelImportAsync(operation, imports, ct);
        return cancelled ? TypedResults.Ok(OperationView.Of(found)) : Problems.Conflict("wrong_state", $"This operation is {found.Status}");
    }

    private static async Task<Results<Ok<OperationView>, Problem>> CancelImportAsync(Guid id, ImportStore imports, CancellationToken ct)
    {
        var cancelled = await imports.CancelAsync(id, ct);
        if (await imports.FindAsync(id, ct) is not { } found) return Problems.NotFound();
        return cancelled ? TypedResults.Ok(OperationView.Of(found)) : Problems.Conflict("wrong_state", $"This operation is {found.Status}");
    }
}
