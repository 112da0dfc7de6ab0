using System.Text.Json;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Templates;

/// Words to be looked at: a stored version's, or some that nobody has saved yet. Marketing: of a category of that class.
internal sealed record Draft(TemplateParts Parts)
{
    /// A JSON Schema of the data; null: nobody declared it.
    public JsonElement? Schema { get; init; }
    public JsonElement? Sample { get; init; }
    /// The copies of what the words include.
    public PartialSnapshot Partials { get; init; } = PartialSnapshot.Empty;
    public bool Marketing { get; init; }

    public VersionSource Source => new(Parts, Schema, Sample);

    /// Class: of the template's category.
    public static Draft Of(StoredVersion version, string? messageClass) => Of(version.Source, version.Partials, messageClass);

    public static Draft Of(VersionSource source, PartialSnapshot partials, string? messageClass) => new(source.Parts)
    {
        Schema = source.VariablesSchema, Sample = source.SampleData, Partials = partials, Marketing = messageClass == "marketing",
    };

    /// The languages in which something is said, the default (null) first.
    public IEnumerable<string?> Locales => [null, .. Parts.Locales?.Keys.Order(StringComparer.OrdinalIgnoreCase) ?? Enumerable.Empty<string>()];

    /// What that language says itself; the rest it borrows.
    public TemplateParts Own(string? locale) => locale is null ? Parts : Parts.Locales?.GetValueOrDefault(locale) ?? new TemplateParts();
}
