using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Delivery.Routing;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Providers;

/// One account: how it does, why, and what can be done about it.
[Writers(Policies.Operations)]
internal sealed class AccountModel(
    ProviderDesk desk, AccountHistory history, ProviderAccounts accounts, AccountTrial trial, SwitchBoard board, Drill drill, IConfiguration configuration,
    TimeProvider clock) : PageModel
{
    private static readonly int[] Minutes = [1, 5, 10, 30, 60, 240, 1440];

    [BindProperty(SupportsGet = true)] public required string Key { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public string? Until { get; set; }
    [BindProperty] public string? To { get; set; }
    [BindProperty] public string? Channel { get; set; }
    [BindProperty] public string? Text { get; set; }

    public AccountCard Card { get; private set; } = null!; // every handler sets it or answers 404
    public IReadOnlyList<(Channel Channel, IReadOnlyList<AccountCard> Others)> Instead { get; private set; } = [];
    public AccountHistory.Past Past { get; private set; } = new([], [], 0);
    public TrialResult? Tried { get; private set; }

    public bool MayOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);
    public bool MayEdit => User.IsInRole(Roles.Administrator) && !Card.Account.IsConfigured;
    public IReadOnlyList<CallbackPlace> Callbacks => CallbackPlaces.Of(Card.Account, configuration);
    public bool KnowsItsAddress => configuration["Links:PublicUrl"] is { Length: > 0 };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostTestAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        To = string.IsNullOrWhiteSpace(To) ? null : To.Trim();
        var order = new TrialOrder(To, string.IsNullOrEmpty(Channel) ? null : Channel, Text: string.IsNullOrWhiteSpace(Text) ? null : Text.Trim());
        (Tried, var problems) = await trial.RunAsync(Card.Account, order, Me, ct);
        foreach (var problem in problems) ModelState.AddModelError(problem.Pointer switch { "/to" => nameof(To), "/channel" => nameof(Channel), _ => nameof(Text) }, problem.Message);
        if (Tried is null && problems.Count == 0) ModelState.AddModelError(nameof(To), $"It cannot be tried: {Card.Account.Problem}.");
        return Page();
    }

    public Task<IActionResult> OnPostPauseAsync(CancellationToken ct) => DoAsync(needsReason: true, async reason =>
    {
        if (!Instants.TryRead(Until, out var until) || until <= clock.GetUtcNow() || until > clock.GetUtcNow().AddYears(1)) return "It was not paused: the time must be one that is still to come.";
        await board.HoldAsync(SwitchKind.Account, Key, SwitchMode.Paused, reason!, until, Me, ct); // asked for
        this.Say($"{Key} is paused{(until is { } end ? $" until {Words.Exact(end)}" : "")}; within two seconds no node calls it.", undo: ("Resume", Url.Page("/Providers/Account", "Resume", new { key = Key })!)); // the page exists
        return null;
    }, ct);

    public Task<IActionResult> OnPostResumeAsync(CancellationToken ct) => DoAsync(needsReason: false, async reason =>
    {
        await board.ResumeAsync(SwitchKind.Account, Key, reason, Me, ct);
        this.Say($"{Key} is called again.");
        return null;
    }, ct);

    public Task<IActionResult> OnPostTripAsync(int minutes, CancellationToken ct) => DoAsync(needsReason: true, async reason =>
    {
        if (!Minutes.Contains(minutes)) return "The drill did not begin: choose how long it lasts.";
        await drill.TripAsync(Key, TimeSpan.FromMinutes(minutes), reason!, Me, ct); // asked for
        this.Say($"The drill has begun: for {Words.Age(TimeSpan.FromMinutes(minutes))} no node calls {Key}.", "warn", ("End it", Url.Page("/Providers/Account", "Reset", new { key = Key })!)); // the page exists
        return null;
    }, ct);

    public Task<IActionResult> OnPostResetAsync(CancellationToken ct) => DoAsync(needsReason: false, async reason =>
    {
        await drill.ResetAsync(Key, reason, Me, ct);
        this.Say($"{Key} is used again at once.");
        return null;
    }, ct);

    /// What would happen to its messages if it were not called.
    public string Consequence => string.Join(" ", Instead.Select(way => way.Others.Where(other => other.Sends).Select(other => other.Key).ToList() is { Count: > 0 } others
        ? $"{Words.Channel(way.Channel.Name())} goes through {string.Join(", then ", others.Take(4))} as far as market, app and rules allow."
        : $"{Words.Channel(way.Channel.Name())} waits: no other account can carry it now."));

    private string Me => Authors.Of(User.Identity?.Name);

    private async Task<IActionResult> DoAsync(bool needsReason, Func<string?, Task<string?>> deed, CancellationToken ct)
    {
        if (accounts.Find(Key) is null) return NotFound();
        var reason = string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim();
        var refusal = OneLine.Is(reason, AccountRules.LongestReason, needsReason) ? await deed(reason) : "Nothing was done: say why, in one line.";
        if (refusal is not null) this.Say(refusal, "fail");
        ct.ThrowIfCancellationRequested();
        return RedirectToPage("/Providers/Account", new { key = Key });
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        var cards = await desk.ReadAsync(ct);
        if (cards.FirstOrDefault(card => card.Key == Key) is not { } found) return false;
        Card = found;
        Instead = ProviderDesk.Instead(found, cards);
        Past = await history.ReadAsync(Key, ct);
        return true;
    }
}
