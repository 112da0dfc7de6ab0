using NotificationServer.Channels;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

/// A template in a list: which versions there are, not what they say.
public sealed record TemplateSummary(
    string Key, string Name, string? Category, string Status, int? PublishedVersion, int LatestVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static TemplateSummary Of(StoredTemplate template) => new(
        template.Key, template.Name, template.Category, template.Published is null ? "draft" : "published",
        template.Published, template.Latest, template.CreatedAt, template.UpdatedAt);
}

/// A template with the words that are used now: the published version's, or the latest draft's while none is published.
public sealed record TemplateView(
    string Key, string Name, string? Category, string Status, int? PublishedVersion, int LatestVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    TemplateVersionView Version)
{
    internal static TemplateView Of(StoredTemplate template, StoredVersion version)
    {
        var summary = TemplateSummary.Of(template);
        return new TemplateView(
            summary.Key, summary.Name, summary.Category, summary.Status, summary.PublishedVersion, summary.LatestVersion,
            summary.CreatedAt, summary.UpdatedAt, TemplateVersionView.Of(version));
    }
}

public sealed record TemplateVersionView(
    int Version, bool Published, TemplateTexts Channels, IReadOnlyDictionary<string, IReadOnlyList<string>> RequiredVariables,
    DateTimeOffset CreatedAt, string CreatedBy)
{
    internal static TemplateVersionView Of(StoredVersion version)
    {
        var wording = new Wording(version.Parts);
        var required = Enum.GetValues<ChannelFamily>().Where(wording.CanSay)
            .ToDictionary(family => family.Name(), IReadOnlyList<string> (family) => [.. wording.Required(family).Distinct(StringComparer.Ordinal)]);
        return new TemplateVersionView(
            version.Version, version.Published, TemplateTexts.Of(version.Parts), required, version.CreatedAt, version.CreatedBy);
    }
}
