using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Templates;
using NotificationServer.Templates.Versions;

namespace NotificationServer.Api.Templates;

internal static class DiffTemplateVersions
{
    public sealed record Line([property: Description("keep, remove or add")] string Change, string Text);

    /// Lines around a change, counted from 1 as `diff -u` does.
    public sealed record Hunk(int FromLine, int FromCount, int ToLine, int ToCount, IReadOnlyList<Line> Lines);

    public sealed record Change([property: Description("Where the text stands in a version: /channels/email/html, /locales/de/sms/body, /partials/footer/html ...")] string Path, IReadOnlyList<Hunk> Hunks);

    public sealed record Response(string Key, int From, int To, IReadOnlyList<Change> Changes);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/templates/{key}/versions/{version}:diff", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(DiffTemplateVersions))
        .WithSummary("What changed from one version to another, line by line")
        .WithDescription("Every text of every locale, the schema, the sample data and the partials; what is equal is left out.");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string key, int version, [Description("Left out: the newest")] int? to, TemplateStore templates, CancellationToken ct)
    {
        if (await templates.FindAsync(key, ct) is not { } template) return Problems.NotFound();
        var from = await templates.FindVersionAsync(key, version, ct);
        var other = await templates.FindVersionAsync(key, to ?? template.Latest, ct);
        if (from is null || other is null) return Problems.NotFound();

        return TypedResults.Ok(new Response(key, from.Version, other.Version, [.. VersionDiff.Of(from, other).Select(diff => new Change(diff.Pointer, [.. diff.Hunks.Select(Of)]))]));
    }

    private static Hunk Of(DiffHunk hunk) => new(hunk.FromLine, hunk.FromCount, hunk.ToLine, hunk.ToCount, [.. hunk.Lines.Select(line => new Line(Word(line.Change), line.Text))]);

    private static string Word(LineChange change) => change switch
    {
        LineChange.Keep => "keep",
        LineChange.Remove => "remove",
        LineChange.Add => "add",
    };
}
