using System.Text.Json;

namespace NotificationServer.Templates;

/// Words to be looked at: a stored version's, or some that nobody has saved yet. Marketing: of a category of that class.
internal sealed record Draft(TemplateParts Parts)
{
    /// A JSON Schema of the data; null: nobody declared it.
    public JsonElement? Schema { get; init; }
    public JsonElement? Sample { get; init; }
    public bool Marketing { get; init; }

    /// The languages in which something is said, the default (null) first.
    public IEnumerable<string?> Locales => [null, .. Parts.Locales?.Keys.Order(StringComparer.OrdinalIgnoreCase) ?? Enumerable.Empty<string>()];

    /// What that language says itself; the rest it borrows.
    public TemplateParts Own(string? locale) => locale is null ? Parts : Parts.Locales?.GetValueOrDefault(locale) ?? new TemplateParts();
}
