using NotificationServer.Admin.Pages.Templates;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Channels;
using NotificationServer.Templates;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Admin.Pages.Campaigns;

/// What a campaign says, or one of the variants that it tries. Draft null: there is no such template or version.
internal sealed record PlannedWords(string? Variant, string Key, string Name, int Version, Draft? Draft)
{
    /// The version that is in use now; null: none is.
    public int? Published { get; init; }
    public string? Category { get; init; }
    public string? Class { get; init; }

    public IReadOnlyList<ChannelFamily> Says { get; init; } = [];
    /// What the campaign has to say for each, in the order in which they are met.
    public IReadOnlyList<string> Names { get; init; } = [];
    public IReadOnlyList<string?> Languages => Draft is null ? [] : [.. Draft.Locales];
}

/// Reads the words that plans name, and says them with the plan's own values.
internal sealed class WordsReader(TemplateDesk desk, TemplateCatalog catalog, Previewer previewer)
{
    public async Task<IReadOnlyList<PlannedWords>> OfAsync(CampaignPlan plan, CancellationToken ct)
    {
        var words = new List<PlannedWords>();
        foreach (var (variant, key, version) in Named(plan)) words.Add(await ReadAsync(variant, key, version, ct));
        return words;
    }

    /// As somebody gets it who reads that language.
    public Look Look(PlannedWords words, CampaignPlan plan, Viewer viewer)
    {
        if (words.Draft is not { } draft) return Templates.Look.Nothing;
        var families = plan.Channels.SelectMany(ChannelNames.Expand).Select(channel => channel.Family()).Distinct().ToArray();
        // What the plan lacks stands for itself in brackets, where it can be seen.
        return new Look(previewer.Of(draft with { Sample = plan.Data }, viewer, families), [], []) { Viewer = viewer.Locale is null ? null : $"in {viewer.Locale}" };
    }

    /// The families that all of them have words for, as the plan may name them.
    public static IReadOnlyList<string> SaidBy(IReadOnlyList<PlannedWords> words) =>
        [.. ContentForm.Families.Where(family => words.Any(one => one.Says.Any(says => says.Name() == family)))];

    /// What fields can be made for: no lists, and nothing that the person brings along.
    public static IReadOnlyList<string> NamesOf(IReadOnlyList<PlannedWords> words) => [.. words.SelectMany(one => one.Names).Distinct(StringComparer.Ordinal).Take(40)];

    private static IEnumerable<(string? Variant, string Key, int? Version)> Named(CampaignPlan plan) => plan.AbTest is { } test
        ? test.Variants.Where(variant => (variant.Template ?? plan.Template) is not null).Select(variant => ((string?)variant.Name, (variant.Template ?? plan.Template)!, variant.TemplateVersion ?? plan.TemplateVersion))
        : plan.Template is { } key ? [(null, key, plan.TemplateVersion)] : [];

    private async Task<PlannedWords> ReadAsync(string? variant, string key, int? version, CancellationToken ct)
    {
        if (await desk.FindAsync(key, ct) is not { } head) return new PlannedWords(variant, key, key, 0, null);
        var wanted = version ?? head.Published ?? head.Latest;
        var draft = await desk.DraftAsync(head, wanted, ct);
        var template = await catalog.FindPinnedAsync(key, wanted, ct);
        var says = draft is null ? [] : Enum.GetValues<ChannelFamily>().Where(family => template?.CanSay(family) == true).ToArray();
        return new PlannedWords(variant, key, head.Name, wanted, draft)
        {
            Published = head.Template.ArchivedAt is null ? head.Published : null,
            Category = head.Template.Category,
            Class = head.Template.Class,
            Says = says,
            Names = [.. (template?.RequiredVariables(says) ?? []).Where(IsField)],
        };
    }

    private static bool IsField(string path) => !path.Contains('[', StringComparison.Ordinal) && !path.StartsWith("user.", StringComparison.Ordinal) && !LinkVariables.Names.Contains(path);
}
