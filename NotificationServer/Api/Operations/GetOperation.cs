using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Api.Operations;

internal static class GetOperation
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/operations/{id}", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(GetOperation))
        .WithSummary("How far an operation has come");

    private static async Task<Results<Ok<OperationView>, Problem>> HandleAsync(
        string id, NotificationServer.Queue.Operations operations, ImportStore imports, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("op", id, out var operation)) return Problems.NotFound();
        if (await operations.FindAsync(operation, ct) is { } found) return TypedResults.Ok(OperationView.Of(found));
        return await imports.FindAsync(operation, ct) is { } import ? TypedResults.Ok(OperationView.Of(import)) : Problems.NotFound();
    }
}
