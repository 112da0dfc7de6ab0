using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Admin.Pages.Campaigns;

internal sealed record RunTable(string Key, string Title, string Column, IReadOnlyList<RunPart> Parts);

/// How a part of a run's messages did.
internal sealed record RunPart(string Name, IReadOnlyDictionary<string, long> Counts)
{
    public string? Channel { get; init; }
    /// A provider's account.
    public string? Account { get; init; }
    /// In the URL of a list of recipients.
    public string? Locale { get; init; }
    public string? Note { get; init; }
    public bool IsWinner { get; init; }

    public long Of(string metric) => Counts.GetValueOrDefault(metric);

    /// Of what was sent.
    public string Share(string metric) => Of("taken") == 0 || Of(metric) == 0 ? "" : ReportWords.Percent(Of(metric), Of("taken"));

    /// By variant and by language where there are several, by channel, by provider.
    public static IReadOnlyList<RunTable> TablesOf(CampaignFigures run)
    {
        var tables = new List<RunTable>();
        if (run.Plan.AbTest is { Variants: var variants })
        {
            var parts = variants.Index().Select(pair => new RunPart(pair.Item.Name, Sum(run.Parts.Where(part => run.VariantOf(part) == pair.Item)))
            {
                Note = pair.Item.Template, IsWinner = run.Winner == pair.Index,
            });
            tables.Add(new RunTable("by-variant", run.Winner is null ? "By variant" : "By variant: the winner’s figures include everybody after the test", "Variant", [.. parts]));
        }
        tables.Add(new RunTable("by-channel", "By channel", "Channel", [.. run.Parts.GroupBy(part => part.Channel)
            .OrderBy(group => Array.IndexOf(Order, group.Key)).Select(group => new RunPart(Words.Channel(group.Key), Sum(group)) { Channel = group.Key })]));
        var accounts = run.Parts.Where(part => part.Provider.Length > 0).GroupBy(part => part.Provider)
            .Select(group => new RunPart(group.Key, Sum(group)) { Account = group.Key }).OrderByDescending(part => part.Of("taken")).ToList();
        if (LanguagesOf(run) is { Count: > 1 } languages) tables.Add(new RunTable("by-language", "By language", "Language", languages));
        if (accounts.Count > 0) tables.Add(new RunTable("by-provider", "By provider", "Account", accounts));
        return [.. tables.Where(table => table.Parts.Count > 0)];
    }

    /// Those that hardly anybody speaks are one line.
    private static List<RunPart> LanguagesOf(CampaignFigures run)
    {
        if (!run.LocalesAddUp) return [];
        var parts = run.Locales.Take(LanguagesShown).Select(one => new RunPart(ReportWords.Locale(one.Locale), one.Counts)
        {
            Locale = one.Locale.Length == 0 ? RecipientsModel.NoLocale : one.Locale, Note = one.Locale,
        }).ToList();
        if (run.Locales.Count > LanguagesShown)
            parts.Add(new RunPart($"{Words.Number(run.Locales.Count - LanguagesShown)} others", Sum(run.Locales.Skip(LanguagesShown).SelectMany(one => one.Counts))));
        return parts;
    }

    private const int LanguagesShown = 15;

    private static readonly string[] Order = ["ios_push", "android_push", "web_push", "push", "sms", "email"];

    private static Dictionary<string, long> Sum(IEnumerable<FigurePart> parts) => Sum(parts.SelectMany(part => part.Counts));

    private static Dictionary<string, long> Sum(IEnumerable<KeyValuePair<string, long>> counts) =>
        counts.GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value), StringComparer.Ordinal);
}
