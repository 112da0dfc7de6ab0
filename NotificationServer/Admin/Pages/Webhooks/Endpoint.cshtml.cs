using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Admin.Pages.Webhooks;

/// One endpoint: what it was told, what it answered, and what can be done about it.
[Writers(Policies.Administration)]
internal sealed class EndpointModel(WebhookDesk desk, EndpointStore endpoints, DeliveryLog deliveries, WebhookCaller caller, WebhookSecrets secrets, TargetRules rules) : PageModel
{
    public const int PageSize = 50;

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty(SupportsGet = true)] public string? Status { get; set; }
    [BindProperty(SupportsGet = true)] public string? Type { get; set; }
    [BindProperty(SupportsGet = true)] public string? Before { get; set; }
    [BindProperty] public EndpointForm? Form { get; set; }

    public EndpointRow Row { get; private set; } = null!; // every handler sets it or answers 404
    public IReadOnlyList<WebhookDelivery> Deliveries { get; private set; } = [];
    public bool HasMore { get; private set; }
    public SecretShown? Made { get; private set; }
    public string? Problem { get; private set; }
    public (WebhookAnswer Answer, TimeSpan Took)? Tried { get; private set; }

    public bool MayEdit => User.IsInRole(Roles.Administrator);

    public string Sentence => Row switch
    {
        { DisabledReason: "gone", DisabledAt: { } at } => $"It answered 410 {Words.Ago(at, Row.Now)}: it wants to hear nothing more, and is told nothing.",
        { DisabledReason: not null, DisabledAt: { } at } => $"It did nothing but fail for days and was stopped {Words.Ago(at, Row.Now)}. What was waiting goes on when it is enabled.",
        { Enabled: false } => "It is disabled: what happens now is not kept for it.",
        { FailingSince: { } since } => $"No call has succeeded since {Words.Exact(since)}; {Words.Number(Row.Waiting, 1_000)} {Words.Plural(Row.Waiting, "event waits", "events wait")} for it.",
        { Waiting: 0, Told: 0 } => "It listens; nothing happened in the last day that it asked for.",
        _ => $"{Row.Success} of the newest {Words.Number(Row.Told)} events of the last day arrived; {Words.Number(Row.Waiting, 1_000)} {Words.Plural(Row.Waiting, "waits", "wait")}.",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostChangeAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct, keepForm: true) || Form is null) return NotFound();
        if (Form.Wish(rules, ModelState) is not { } wish) return Page();
        if (await endpoints.ReplaceAsync(Owner, Row.Id, wish, Form.Version, ct) is null)
        {
            Problem = "It was not saved: somebody changed it meanwhile. Open the page again to see what it is now.";
            return Page();
        }
        this.Say($"The endpoint at {new Uri(wish.Url).Host} is changed.");
        return RedirectToPage("/Webhooks/Endpoint", new { id = Id });
    }

    public async Task<IActionResult> OnPostTestAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct) || await endpoints.FindAsync(Owner, Row.Id, ct) is not { } endpoint) return NotFound();
        var (_, answer, took) = await caller.TestAsync(endpoint);
        Tried = (answer, took);
        return Page();
    }

    public async Task<IActionResult> OnPostRotateAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (secrets.Problem is not null) Problem = "It has no new secret: this server has no key to keep secrets under (Secrets__provider_key).";
        else if (await endpoints.RotateAsync(Owner, Row.Id, ct) is { } rotated) Made = NewModel.Shown(rotated.Endpoint, rotated.Secret, Url);
        await ReadAsync(ct);
        return Page();
    }

    public async Task<IActionResult> OnPostRecoverAsync(string? since, CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (!Instants.TryRead(since, out var from) || from is null) this.Say("Nothing was sent again: write since when.", "fail");
        else
        {
            var count = await deliveries.RecoverAsync(Row.Id, PrefixedId.SmallestAt(from.Value), Owner.Actor, ct);
            this.Say($"{Words.Number(count)} {Words.Plural(count, "event is", "events are")} being sent again{(Row.Enabled ? "" : " as soon as it is enabled")}.");
        }
        return RedirectToPage("/Webhooks/Endpoint", new { id = Id });
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct) || !await endpoints.DeleteAsync(Owner, Row.Id, ct)) return NotFound();
        this.Say($"The endpoint at {Row.Host} is removed.");
        return RedirectToPage("/Webhooks/Index");
    }

    public static string NameOf(WebhookDelivery delivery) => PrefixedId.Format(WebhookEvent.IdPrefix, delivery.EventId);

    private EndpointOwner Owner => WebhookDesk.Owner(Row, Authors.Of(User.Identity?.Name));

    private async Task<bool> ReadAsync(CancellationToken ct, bool keepForm = false)
    {
        if (!PrefixedId.TryParse(WebhookEndpoint.IdPrefix, Id, out var id) || await desk.FindAsync(id, ct) is not { } row) return false;
        Row = row;
        if (!keepForm) Form = EndpointForm.Of(row);
        var below = PrefixedId.TryParse(WebhookEvent.IdPrefix, Before, out var last) ? last : Guid.AllBitsSet;
        var filter = new DeliveryFilter(Status is "pending" or "delivered" or "failed" ? Status : null, string.IsNullOrEmpty(Type) ? null : Type, Guid.Empty, below);
        var rows = await deliveries.ListAsync(id, filter, PageSize + 1, ct);
        HasMore = rows.Count > PageSize;
        Deliveries = [.. rows.Take(PageSize)];
        return true;
    }
}
