using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Operations;
using NotificationServer.Platform;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Api.Imports;

internal static class GetImport
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/imports/{id}", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(GetImport))
        .WithSummary("How far an import has come")
        .WithDescription("The same as `GET /v1/operations/{id}`, for whoever may import but not operate.");

    private static async Task<Results<Ok<OperationView>, Problem>> HandleAsync(string id, Caller caller, ImportStore imports, CancellationToken ct) =>
        PrefixedId.TryParse("op", id, out var import) && await imports.FindAsync(import, caller.ClientId, ct) is { } found
            ? TypedResults.Ok(OperationView.Of(found))
            : Problems.NotFound();
}
