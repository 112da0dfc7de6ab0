using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;

namespace NotificationServer.Admin.Pages.Providers;

/// Can we reach the outside?
internal sealed class IndexModel(ProviderDesk desk, ProviderAccounts accounts, ProviderRoutes routes) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Channel { get; set; }
    [BindProperty(SupportsGet = true)] public string? To { get; set; }
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }
    [BindProperty(SupportsGet = true)] public string? Country { get; set; }
    [BindProperty(SupportsGet = true)] public string? App { get; set; }
    [BindProperty(SupportsGet = true)] public string? Category { get; set; }
    [BindProperty(SupportsGet = true)] public string? Template { get; set; }

    public IReadOnlyList<AccountCard> Cards { get; private set; } = [];
    public RouteQuestion Question { get; private set; } = new(null, null, null, null, null, null, null);
    public AccountRoute? Answer { get; private set; }
    public IReadOnlyList<RoutingRule> Rules => accounts.Current.Rules;

    public bool MayEdit => User.IsInRole(Roles.Administrator);

    public string Sentence
    {
        get
        {
            if (Cards.Count == 0) return "No provider account is set up: messages wait, or end in the inbox in Development.";
            var ill = Cards.Where(card => card.Account.Enabled && !card.Sends).ToList();
            if (ill.Count == 0) return Cards.Count == 1 ? "The one account may be called." : $"All {Words.Number(Cards.Count(card => card.Account.Enabled))} accounts may be called.";
            var silent = ChannelNames.All.Where(channel => Of(channel).Any(card => card.Account.Enabled) && !Of(channel).Any(card => card.Sends)).ToList();
            var what = ill.Count == 1 ? $"{ill[0].Key}: {char.ToLowerInvariant(ill[0].State.Text[0])}{ill[0].State.Text[1..]}"
                : $"{Words.Number(ill.Count)} of {Words.Number(Cards.Count(card => card.Account.Enabled))} accounts cannot be called now";
            return silent.Count == 0 ? $"{what}; others carry its channels."
                : $"{what}; nobody carries {string.Join(" and ", silent.Select(channel => Words.Channel(channel.Name())))} now, its messages wait.";
        }
    }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Cards = await desk.ReadAsync(ct);
        Question = new RouteQuestion(Channel, To, Token, Country, App, Category, Template);
        if (Question is { IsAsked: true, Problem: null }) Answer = routes.Of(Question.Query);
    }

    public IEnumerable<AccountCard> Of(Channel channel) => Cards.Where(card => card.Account.Channels.Contains(channel));

    /// Those that no channel has: their settings cannot be read here.
    public IEnumerable<AccountCard> Nowhere => Cards.Where(card => card.Account.Channels.Count == 0);

    public IEnumerable<RoutingRule> RulesOf(Channel channel) => Rules.Where(rule => rule.Concerns(channel));

    public static string Condition(RoutingRule rule)
    {
        (string Word, string[] Values)[] parts = [("to", rule.Countries), ("of app", rule.Apps), ("category", rule.Categories), ("template", rule.Templates)];
        var said = string.Join(", ", parts.Where(part => part.Values.Length > 0).Select(part => $"{part.Word} {string.Join(" or ", part.Values)}"));
        return said.Length == 0 ? "everything" : said;
    }
}
