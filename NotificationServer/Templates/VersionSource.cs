using System.Text.Json;

namespace NotificationServer.Templates;

/// What a person writes of a version; number, author and the copies of its partials come when it is stored.
internal sealed record VersionSource(TemplateParts Parts, JsonElement? VariablesSchema = null, JsonElement? SampleData = null)
{
    public static implicit operator VersionSource(TemplateParts parts) => new(parts);

    /// The order of members and the spelling of numbers say nothing: the database keeps neither.
    public bool IsSameAs(VersionSource other) =>
        JsonElement.DeepEquals(JsonElement.Parse(Parts.ToJson()), JsonElement.Parse(other.Parts.ToJson()))
        && IsSame(VariablesSchema, other.VariablesSchema) && IsSame(SampleData, other.SampleData);

    private static bool IsSame(JsonElement? one, JsonElement? other) => one is { } a && other is { } b ? JsonElement.DeepEquals(a, b) : one is null && other is null;
}
