using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

/// A template in a list: which versions there are, not what they say.
public sealed record TemplateSummary(
    string Key, string Name, string? Category, string? Class, string Status, int? PublishedVersion, int LatestVersion,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? UpdatedBy, DateTimeOffset? ArchivedAt)
{
    internal static TemplateSummary Of(StoredTemplate template) => new(
        template.Key, template.Name, template.Category, template.Class,
        template.ArchivedAt is not null ? "archived" : template.Published is null ? "draft" : "published",
        template.Published, template.Latest, template.CreatedAt, template.UpdatedAt, template.UpdatedBy, template.ArchivedAt);
}

/// A template with the words that are used now: the published version's, or the latest draft's while none is published. Draft: the
/// newest version, where that is another one.
public sealed record TemplateView(
    string Key, string Name, string? Category, string? Class, string Status, int? PublishedVersion, int LatestVersion,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? UpdatedBy, DateTimeOffset? ArchivedAt,
    TemplateVersionView Version, TemplateVersionView? Draft)
{
    internal static TemplateView Of(StoredTemplate template, StoredVersion version, StoredVersion? draft)
    {
        var summary = TemplateSummary.Of(template);
        return new TemplateView(
            summary.Key, summary.Name, summary.Category, summary.Class, summary.Status, summary.PublishedVersion, summary.LatestVersion,
            summary.CreatedAt, summary.UpdatedAt, summary.UpdatedBy, summary.ArchivedAt,
            TemplateVersionView.Of(version), draft is null ? null : TemplateVersionView.Of(draft));
    }
}

/// All of a version. Partials: the version of each that it holds a copy of. RequiredVariables: of all locales together.
public sealed record TemplateVersionView(
    int Version, bool Published, TemplateTexts Channels, string? DefaultLocale, IReadOnlyDictionary<string, TemplateTexts> Locales,
    IReadOnlyDictionary<string, int> Partials, JsonElement? VariablesSchema, JsonElement? SampleData,
    IReadOnlyDictionary<string, IReadOnlyList<string>> RequiredVariables, int? RestoredFrom, DateTimeOffset CreatedAt, string CreatedBy)
{
    internal static TemplateVersionView Of(StoredVersion version)
    {
        var wording = new Wording(version.Parts, version.Partials);
        var required = Enum.GetValues<ChannelFamily>().Where(wording.CanSay).ToDictionary(family => family.Name(), wording.Required);
        return new TemplateVersionView(
            version.Version, version.Published, TemplateTexts.Of(version.Parts), version.Parts.DefaultLocale,
            TemplateTexts.LocalesOf(version.Parts) ?? new Dictionary<string, TemplateTexts>(),
            version.Partials.Copies.ToDictionary(one => one.Key, one => one.Value.Version), version.VariablesSchema, version.SampleData,
            required, version.RestoredFrom, version.CreatedAt, version.CreatedBy);
    }
}
