using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class PatchTemplate
{
    /// A patch names what it changes, so that losing a race is no reason to bother the caller, unless the caller said so (If-Match).
    private const int Tries = 5;

    public sealed record Request(
        string Name,
        TemplateTexts Channels,
        [property: Description("The category of notifications that name none themselves")] string? Category = null,
        [property: Description(VersionBody.AboutDefaultLocale)] string? DefaultLocale = null,
        [property: Description(VersionBody.AboutLocales)] IReadOnlyDictionary<string, TemplateTexts>? Locales = null,
        [property: Description(VersionBody.AboutSchema)] JsonElement? VariablesSchema = null,
        [property: Description(VersionBody.AboutSample)] JsonElement? SampleData = null,
        [property: Description("True: new notifications cannot name it. False brings it back")] bool Archived = false,
        TemplateTracking? Tracking = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPatch("/templates/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(PatchTemplate))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Change a template (JSON merge patch)")
        .WithDescription("Words, schema and sample data are merged into those of the newest version; where they differ, the result is a new draft. Name, category, archived and tracking count at once.")
        .WithRequestExample("""{"name":"Order on its way","channels":{"sms":{"body":"Order {{order_no}} is on its way"}},"locales":{"fr":null}}""");

    private static async Task<Results<Ok<TemplateView>, Problem>> HandleAsync(
        string key, MergePatch<Request> patch, Caller caller, TemplateStore templates, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem) return problem;

        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await templates.FindAsync(key, ct) is not { } current) return Problems.NotFound();
            if (expected is not null && expected != current.Revision.ToString(CultureInfo.InvariantCulture)) return Problems.VersionConflict();
            if (await templates.FindVersionAsync(key, current.Latest, ct) is not { } newest) return Problems.NotFound();
            if (patch.Apply(Known(current, newest), out var patched) is { } fault) return fault;

            var request = patched!; // there was no fault
            var source = VersionBody.Source(request.Channels, request.DefaultLocale, request.Locales, request.VariablesSchema, request.SampleData);
            var change = await templates.ChangeAsync(key, new TemplateEdit(request.Name, request.Category, TemplateTracking.ToSwitch(request.Tracking), request.Archived, source), current.Revision, caller.Actor, ct);
            switch (change.Status)
            {
                case TemplateChangeStatus.Done: return await GetTemplate.AnswerAsync(key, templates, http, ct);
                case TemplateChangeStatus.Invalid: return VersionBody.ProblemOf(change);
                case not TemplateChangeStatus.Changed: return Problems.NotFound();
            }
        }
        return Problems.VersionConflict();
    }

    private static Request Known(StoredTemplate template, StoredVersion version) => new(
        template.Name, TemplateTexts.Of(version.Parts), template.Category, version.Parts.DefaultLocale, TemplateTexts.LocalesOf(version.Parts),
        version.VariablesSchema, version.SampleData, template.ArchivedAt is not null, TemplateTracking.Of(template));
}
