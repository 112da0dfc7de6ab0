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
    private const int Tries = 5;

    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/templates/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(DeleteTemplate))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Archive a template")
        .WithDescription("New notifications cannot name it, and lists leave it out. Its versions stay: what was accepted, scheduled or queued before is still said. The key stays taken; PATCH archived to false brings it back.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(string key, Caller caller, TemplateStore templates, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem) return problem;

        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await templates.FindAsync(key, ct) is not { } current) return Problems.NotFound();
            if (expected is not null && expected != current.Revision.ToString(CultureInfo.InvariantCulture)) return Problems.VersionConflict();
            switch (await templates.ArchiveAsync(key, current.Revision, caller.Actor, ct))
            {
                case { Status: TemplateChangeStatus.Done }: return TypedResults.NoContent();
                case { Status: not TemplateChangeStatus.Changed }: return Problems.NotFound();
            }
        }
        return Problems.VersionConflict();
    }
}
