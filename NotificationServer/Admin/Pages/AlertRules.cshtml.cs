using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Watch;

namespace NotificationServer.Admin.Pages;

/// From when on something is an alert, and who is told of it.
[Writers(Policies.Operations)]
internal sealed class AlertRulesModel(RuleBook book, Tellings tellings, Teller teller, IOptions<AlertsOptions> options) : PageModel
{
    private const double Most = 1e9;
    private const int LongestLasting = 86_400;

    /// A rule as its form says it. Channels null: everybody.
    internal sealed record RuleForm(string? Threshold, string? Lasting, bool Enabled, IReadOnlyList<string>? Channels)
    {
        public bool Tells(string channel) => Channels?.Contains(channel) ?? true;
    }

    private (string Kind, RuleForm Form)? refused;

    public IReadOnlyList<AlertRule> Rules { get; private set; } = [];
    public IReadOnlyList<(ToldState State, string How)> Places { get; private set; } = [];
    public string? Problem { get; private set; }
    public bool CanOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    public string Sentence
    {
        get
        {
            var off = Rules.Count(rule => !rule.Enabled);
            var told = Places.Count == 0 ? "Nobody is told of alerts but on this page" : $"{Words.Number(Places.Count)} {Words.Plural(Places.Count, "place is", "places are")} told";
            return $"{told}; {(off == 0 ? "every rule is on" : $"{Words.Number(off)} of {Words.Number(Rules.Count)} rules {Words.Plural(off, "is", "are")} off")}.";
        }
    }

    public static string Unit(Measure measure) => measure switch
    {
        Measure.None => "",
        Measure.Seconds => "Longer than (seconds)",
        Measure.Share => "Share (per cent)",
        Measure.Count => "How many",
    };

    /// As it stands in the list: the rule with its numbers.
    public static string SentenceOf(AlertRule rule)
    {
        var threshold = rule.Measure switch
        {
            Measure.None => "",
            Measure.Seconds => Exactly(TimeSpan.FromSeconds(rule.Threshold)),
            Measure.Share => (rule.Threshold * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%",
            Measure.Count => Words.Number((long)rule.Threshold),
        };
        var lasting = rule.Lasting > TimeSpan.Zero ? $", for {Exactly(rule.Lasting)} on end" : "";
        return $"When {string.Format(CultureInfo.InvariantCulture, rule.When, threshold)}{lasting}.";
    }

    // Nothing is rounded away: 90 seconds are not a minute.
    private static string Exactly(TimeSpan time) => time.TotalSeconds % 3600 == 0 && time > TimeSpan.Zero ? $"{time.TotalHours:0} h"
        : time.TotalSeconds % 60 == 0 && time > TimeSpan.Zero ? $"{time.TotalMinutes:0} min"
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    public bool IsOpen(AlertRule rule) => refused?.Kind == rule.Kind;

    /// Who is told of it, for the line; nothing where everybody is.
    public string? ToldOnly(AlertRule rule) => rule.Channels is not { } chosen || Places.Count == 0 ? null
        : Places.Where(place => chosen.Contains(place.State.Channel)).Select(place => place.State.Channel).ToList() is { Count: > 0 } some ? $"tells {string.Join(", ", some)} only" : "tells nobody";

    public RuleForm FormOf(AlertRule rule) => refused is { } one && one.Kind == rule.Kind ? one.Form : new RuleForm(
        (rule.Measure == Measure.Share ? rule.Threshold * 100 : rule.Threshold).ToString("0.###", CultureInfo.InvariantCulture),
        rule.Lasting.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), rule.Enabled, rule.Channels);

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    public async Task<IActionResult> OnPostSaveAsync(string kind, string? threshold, string? lasting, bool enabled, string[] channels, CancellationToken ct)
    {
        var rules = await book.ReadAsync(ct);
        if (!rules.TryGetValue(kind ?? "", out var rule)) return NotFound();
        // Places that this node is not configured with stay chosen: nobody could see them to take them away.
        var elsewhere = (rule.Channels ?? []).Except(teller.Channels);
        List<string>? chosen = rule.Channels is null && teller.Channels.Count == 0 ? null : [.. channels.Intersect(teller.Channels), .. elsewhere];
        var form = new RuleForm(threshold, lasting, enabled, chosen);
        var (change, problem) = ChangeOf(rule, form);
        if (change is null)
        {
            (refused, Problem) = ((rule.Kind, form), $"{rule.Title}: {problem}");
            await ReadAsync(ct);
            return Page();
        }
        // Everybody that there is means also whoever comes later.
        if (teller.Channels.Count > 0 && chosen is not null && chosen.Order(StringComparer.Ordinal).SequenceEqual(teller.Channels.Order(StringComparer.Ordinal))) change = change with { Channels = null };
        await book.ChangeAsync(rule, change, Authors.Of(User.Identity?.Name), ct);
        this.Say($"{rule.Title}: saved. It holds within a few seconds.");
        return RedirectToPage("/AlertRules", null, null, rule.Kind);
    }

    public async Task<IActionResult> OnPostTestAsync(string channel, CancellationToken ct)
    {
        if (!teller.Channels.Contains(channel)) return NotFound();
        if (await teller.TestAsync(channel, ct) is { } problem) this.Say($"{channel} could not be told: {problem}.", tone: "fail");
        else this.Say($"{channel} was sent a test.");
        return RedirectToPage();
    }

    private static (RuleBook.Change? Change, string? Problem) ChangeOf(AlertRule rule, RuleForm form)
    {
        var threshold = rule.Threshold;
        if (rule.Measure != Measure.None)
        {
            if (!double.TryParse(form.Threshold, NumberStyles.Float, CultureInfo.InvariantCulture, out threshold) || !double.IsFinite(threshold) || threshold is < 0 or > Most) return (null, "give a number from 0.");
            if (rule.Measure == Measure.Share && threshold > 100) return (null, "give a share of at most 100 per cent.");
            if (rule.Measure == Measure.Share) threshold /= 100;
        }
        var lasting = (int)rule.Lasting.TotalSeconds;
        if (rule.IsWatched && (!int.TryParse(form.Lasting, NumberStyles.None, CultureInfo.InvariantCulture, out lasting) || lasting > LongestLasting))
            return (null, "give whole seconds, a day at most.");
        return (new RuleBook.Change(form.Enabled, threshold, TimeSpan.FromSeconds(lasting), form.Channels), null);
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var rules = await book.ReadAsync(ct);
        Rules = [.. AlertRule.All.Select(rule => rules[rule.Kind])];
        // Of a webhook its host and no more: who has the address can write there.
        Places = [.. (await tellings.StatesAsync(teller.Channels, ct)).Select(state => (state, options.Value.Channels[state.Channel] is { Url: { } url }
            ? $"webhook, {new Uri(url).Host}" : $"mail to {Words.Number(options.Value.Channels[state.Channel].Email.Count)} {Words.Plural(options.Value.Channels[state.Channel].Email.Count, "mailbox", "mailboxes")}"))];
    }
}
