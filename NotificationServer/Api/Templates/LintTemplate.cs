using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Templates.Lint;

namespace NotificationServer.Api.Templates;

internal static class LintTemplate
{
    public sealed record Response(string Key, int? Version, bool Publishable, IReadOnlyList<FindingView> Findings);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates/{key}:lint", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(LintTemplate))
        .WithSummary("Tell what should be mended in a version, or in words that are not saved yet")
        .WithRequestExample("""{"version":2}""")
        .WithDescription("Errors keep a version from being published; warnings and hints do not. Links are judged by what they say: nothing is fetched. Sizes are those of the sample data.")
        .Produces<Response>();

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(string key, Body<DraftBody> body, DraftReader drafts, LintReader lint, CancellationToken ct)
    {
        var (draft, version, problem) = await drafts.ReadAsync(key, body.Value, ct);
        if (draft is null) return problem!; // one of the two is there
        var findings = lint.Check(draft);
        return TypedResults.Ok(new Response(key, version, findings.All(found => found.Severity != Severity.Error), [.. findings.Select(FindingView.Of)]));
    }
}

/// One thing that lint found: where (a pointer as in the request), in which language (null: the default), and how to mend it.
[SuppressMessage("Naming", "CA1720", Justification = "A JSON pointer is called so by its RFC.")]
public sealed record FindingView(
    [property: Description("error, warning or info")] string Severity, string Code, string Pointer, string? Locale, string Message, string? Mend)
{
    internal static FindingView Of(Finding finding) =>
        new(finding.SeverityName, finding.Code, finding.Pointer, finding.Locale, finding.Message, finding.Mend);
}
