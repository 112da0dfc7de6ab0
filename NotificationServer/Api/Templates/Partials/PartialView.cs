using NotificationServer.Templates.Shared;

namespace NotificationServer.Api.Templates.Partials;

/// A partial in a list.
public sealed record PartialSummary(string Key, string Name, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static PartialSummary Of(ListedPartial partial) => new(partial.Key, partial.Name, partial.Latest, partial.CreatedAt, partial.UpdatedAt);
}

/// What a locale says differently.
public sealed record PartialLocale(string? Html = null, string? Text = null)
{
    internal static IReadOnlyDictionary<string, PartialLocale>? Of(PartialTexts texts) =>
        texts.Locales?.ToDictionary(one => one.Key, one => new PartialLocale(one.Value.Html, one.Value.Text));

    internal static PartialTexts ToTexts(string? html, string? text, IReadOnlyDictionary<string, PartialLocale>? locales) => new(html, text)
    {
        // A null among the values is an empty one, which the rules refuse by its name.
        Locales = locales is not { Count: > 0 } ? null : locales.ToDictionary(one => one.Key, one => new PartialTexts(one.Value?.Html, one.Value?.Text)),
    };
}

/// A template whose published version, or newest draft, holds a copy of the partial.
public sealed record PartialUser(string Template, int Version, bool Published, int PartialVersion, bool Outdated);

/// A partial as it is now, and who uses which version of it.
public sealed record PartialView(
    string Key, string Name, int Version, string? Html, string? Text, IReadOnlyDictionary<string, PartialLocale> Locales,
    IReadOnlyList<PartialUser> UsedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static PartialView Of(StoredPartial partial, IReadOnlyList<PartialUse> uses)
    {
        var (row, texts) = (partial.Row, partial.Texts);
        return new PartialView(
            row.Key, row.Name, row.Latest, texts.Html, texts.Text, PartialLocale.Of(texts) ?? new Dictionary<string, PartialLocale>(),
            [.. uses.Select(use => new PartialUser(use.Template, use.Version, use.Published, use.PartialVersion, use.PartialVersion < row.Latest))],
            row.CreatedAt, row.UpdatedAt);
    }
}

/// A version of a partial that was written.
public sealed record PartialAnswer(string Key, int Version);
