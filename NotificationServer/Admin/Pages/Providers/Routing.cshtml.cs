using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Routing;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Providers;

/// Which accounts carry what, and in which order that is asked. Every submit brings all rules along; only saving stores them, all at once.
[Authorize(Policies.Administration)]
internal sealed class RoutingModel(RoutingEditor editor, ProviderAccounts accounts, Undoing undoing) : PageModel
{
    private const string What = "routing rules";

    /// Version: of what they became.
    private sealed record Was(RoutingRule[] Rules, int Version);

    [BindProperty] public List<RuleRow> Rules { get; set; } = [];
    /// What was read before they were changed.
    [BindProperty] public int Seen { get; set; }
    [BindProperty] public string? Reason { get; set; }

    public string? Problem { get; private set; }
    public IEnumerable<string> Accounts => accounts.All.Select(account => account.Key).Order(StringComparer.Ordinal);

    public string Sentence => Rules.Count == 0 ? "There is no rule: messages go through every account of their channel, market and app, by order and weight."
        : "The first rule that fits a message decides: it goes through the rule’s accounts, in their order, and through no other. What fits none goes by market, app, order and weight.";

    public void OnGet() => Show(accounts.Current);

    public async Task<IActionResult> OnPostAsync(string? act, CancellationToken ct)
    {
        if (act is not "save")
        {
            ModelState.Clear();
            Rules = After(Rules, act);
            return Page();
        }
        var rules = Rules.Select(row => row.ToRule()).ToArray();
        foreach (var problem in RoutingRuleCheck.Of(rules, accounts)) ModelState.AddModelError(RuleRow.FieldOf(problem.Pointer), $"{problem.Message}.");
        if (!OneLine.Is(Reason, AccountRules.LongestReason, required: false)) ModelState.AddModelError(nameof(Reason), $"{OneLine.Wanted(AccountRules.LongestReason)}.");
        if (!ModelState.IsValid)
        {
            Problem = "Nothing was saved: see what is marked below.";
            return Page();
        }

        var before = accounts.Current;
        if (await editor.PutAsync(rules, Seen, Authors.Of(User.Identity?.Name), Given(Reason), ct) is not { } version)
        {
            Problem = "Nothing was saved: somebody changed the rules meanwhile. Yours still stand here; save again to put them in place of theirs.";
            ModelState.Remove(nameof(Seen));
            Seen = before.RulesVersion;
            return Page();
        }
        this.SayUndoably("The rules are saved. Every node goes by them within two seconds.", Url.Page("/Providers/Routing", "Undo")!, // our own page
            before.RulesVersion != Seen ? null : undoing.Seal(What, new Was([.. before.Rules], version)));
        return RedirectToPage("/Providers/Index");
    }

    public async Task<IActionResult> OnPostUndoAsync(string? was, CancellationToken ct)
    {
        if (undoing.Open<Was>(What, was) is not { } before || RoutingRuleCheck.Of(before.Rules, accounts).Count > 0
            || await editor.PutAsync(before.Rules, before.Version, Authors.Of(User.Identity?.Name), "undone", ct) is null)
            this.SayNotUndone();
        else
            this.Say("The rules are again what they were.");
        return RedirectToPage("/Providers/Index");
    }

    private void Show(Catalog catalog) => (Rules, Seen) = ([.. catalog.Rules.Select(RuleRow.Of)], catalog.RulesVersion);

    /// add, up-2, down-2, remove-2.
    private static List<RuleRow> After(List<RuleRow> rules, string? act)
    {
        if (act == "add" && rules.Count < RoutingRuleCheck.MostRules) rules.Add(new RuleRow());
        if (act?.Split('-') is not [var deed, var place] || !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at >= rules.Count) return rules;
        var rule = rules[at];
        rules.RemoveAt(at);
        if (deed == "up") rules.Insert(Math.Max(0, at - 1), rule);
        else if (deed == "down") rules.Insert(Math.Min(rules.Count, at + 1), rule);
        else if (deed != "remove") rules.Insert(at, rule);
        return rules;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
