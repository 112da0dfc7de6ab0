using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class DeleteTemplate
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/templates/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(DeleteTemplate))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Archive a template")
        .WithDescription("New notifications cannot name it, and lists leave it out. Its versions stay: what was accepted, scheduled or queued before is still said. The key stays taken; PATCH archived to false brings it back.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(string key, Caller caller, TemplateStore templates, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem) return problem;
        // What is no number is the revision of no template, as 0 is.
        int? revision = expected is null ? null : int.TryParse(expected, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;

        var change = await templates.ArchiveAsync(key, archived: true, revision, caller.Actor, ct);
        if (change.Status == TemplateChangeStatus.Done) return TypedResults.NoContent();
        return change.Status == TemplateChangeStatus.Changed ? Problems.VersionConflict() : Problems.NotFound();
    }
}
