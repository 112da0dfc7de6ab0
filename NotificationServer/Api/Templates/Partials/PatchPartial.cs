using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Api.Templates.Partials;

internal static class PatchPartial
{
    private const int Tries = 5;

    public sealed record Request(
        string Name, string? Html = null, string? Text = null, IReadOnlyDictionary<string, PartialLocale>? Locales = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPatch("/template-partials/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(PatchPartial))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Change a partial (JSON merge patch)")
        .WithDescription("A changed text is a new version. No template says it before a new version of that template is published: see roll-out.")
        .WithRequestExample("""{"text":"Example Ltd, 2 High Street"}""");

    private static async Task<Results<Ok<PartialView>, Problem>> HandleAsync(
        string key, MergePatch<Request> patch, Caller caller, PartialStore partials, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem) return problem;

        // As with templates: only who sent If-Match is bothered with a lost race.
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await partials.FindAsync(key, ct) is not { } current) return Problems.NotFound();
            if (expected is not null && expected != current.Row.Revision.ToString(CultureInfo.InvariantCulture)) return Problems.VersionConflict();
            var known = new Request(current.Row.Name, current.Texts.Html, current.Texts.Text, PartialLocale.Of(current.Texts));
            if (patch.Apply(known, out var patched) is { } fault) return fault;

            var request = patched!; // there was no fault
            var texts = PartialLocale.ToTexts(request.Html, request.Text, request.Locales);
            var change = await partials.ChangeAsync(key, request.Name, texts, current.Row.Revision, caller.Actor, ct);
            switch (change.Status)
            {
                case PartialChangeStatus.Done: return await ReadPartials.GetAsync(key, partials, http, ct);
                case PartialChangeStatus.Invalid: return VersionBody.ProblemOf(change.Errors);
                case not PartialChangeStatus.Changed: return Problems.NotFound();
            }
        }
        return Problems.VersionConflict();
    }
}
