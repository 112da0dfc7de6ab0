using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Api.Privacy;

internal static class ExportUser
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/users/{user_id}/export", HandleAsync)
        .RequireScope(Scopes.PersonalRead)
        .WithName(nameof(ExportUser))
        .Produces(StatusCodes.Status200OK, contentType: "application/json")
        .WithSummary("Everything that is kept of a user: profile, devices, preferences, consents, block, suppressions, messages")
        .WithDescription("Who asked is kept in the audit log.");

    private static async Task<Results<FileContentHttpResult, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, PersonExport export, AuditTrail audit, Caller caller, CancellationToken ct)
    {
        if (await export.WriteAsync(user, ct) is not { } json)
            return Problems.NotFound();

        await audit.AppendAsync(new AuditEntry(caller.Actor, "user.export", $"user:{user.Value}"), ct);
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(json), "application/json", $"{Uri.EscapeDataString(user.Value)}.json");
    }
}
