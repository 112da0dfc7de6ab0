using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Api.Errors;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

/// What the requests that write a version have in common.
internal static class VersionBody
{
    public const string AboutLocales = "By BCP 47 tag, the parts that are said differently there: de-CH falls back to de, then to channels";
    public const string AboutSchema = "JSON Schema (draft 2020-12) of the data; notifications whose data does not fit are refused";
    public const string AboutSample = "Data to preview and check with; it must fit the schema";
    public const string AboutDefaultLocale = "What channels is written in: dates and numbers are told that way. Left out: the server's default";

    public static VersionSource Source(
        TemplateTexts channels, string? defaultLocale, IReadOnlyDictionary<string, TemplateTexts>? locales, JsonElement? schema, JsonElement? sample) =>
        new(channels.ToParts() with
        {
            DefaultLocale = defaultLocale,
            // A null among the values is an empty one, which the rules refuse by its name.
            Locales = locales is not { Count: > 0 } ? null : locales.ToDictionary(one => one.Key, one => one.Value?.ToParts() ?? new TemplateParts()),
        }, Given(schema), Given(sample));

    public static Problem ProblemOf(TemplateChange change) => ProblemOf(change.Errors);

    public static Problem ProblemOf(IReadOnlyList<TemplateError> found)
    {
        var errors = new FieldErrors();
        foreach (var error in found) errors.Add(error.Pointer, error.Code, error.Message);
        return errors.ToProblem();
    }

    public static Problem Archived() => Problems.Conflict("wrong_state", """The template is archived: PATCH {"archived":false} brings it back""");

    private static JsonElement? Given(JsonElement? value) => value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } ? value : null;
}

/// A version that was written or published. Warnings: what a person should look at all the same; left out where there are none.
public sealed record VersionAnswer(
    string Key, int Version, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Warnings = null)
{
    internal static VersionAnswer Of(string key, TemplateChange change) => new(key, change.Version,
        change.Warnings.Count == 0 ? null : [.. change.Warnings.Select(warning => new FieldError(warning.Pointer, warning.Code, warning.Message))]);
}
