using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Admin.Pages.Webhooks;

/// One event as one endpoint was told of it, with every answer.
[Writers(Policies.Administration)]
internal sealed class DeliveryModel(WebhookDesk desk, DeliveryLog deliveries) : PageModel
{
    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty(SupportsGet = true)] public required string EventId { get; set; }

    public EndpointRow Row { get; private set; } = null!; // every handler sets it or answers 404
    public WebhookDelivery Told { get; private set; } = null!; // as above
    public IReadOnlyList<WebhookAttempt> Attempts { get; private set; } = [];

    public bool MayReplay => User.IsInRole(Roles.Administrator);
    public string? Said => Pretty.Json(JsonElement.Parse(Told.Data));

    public string Sentence => Told.Status switch
    {
        "delivered" => $"It arrived{(Told.FinishedAt is { } at ? $" {Words.Ago(at, Row.Now)}" : "")}, at the {Told.Attempts}{(Told.Attempts switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" })} try.",
        "failed" => $"It was given up after {Words.Number(Told.Attempts)} tries; the last one ended as {Told.Error?.Replace('_', ' ')}.",
        _ => Told.NextAttemptAt is { } next ? $"It waits for its next try, {Words.Ago(next, Row.Now)}." : "It is being sent.",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostReplayAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (await deliveries.ReplayAsync(Row.Id, Told.EventId, Authors.Of(User.Identity?.Name), ct)) this.Say($"The event is being sent to {Row.Host} again, under the same webhook-id.");
        else this.Say("It is being sent right now.", "warn");
        return RedirectToPage("/Webhooks/Delivery", new { id = Id, eventId = EventId });
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (!PrefixedId.TryParse(WebhookEndpoint.IdPrefix, Id, out var id) || !PrefixedId.TryParse(WebhookEvent.IdPrefix, EventId, out var told)
            || await desk.FindAsync(id, ct) is not { } row || await deliveries.FindAsync(id, told, ct) is not { } found) return false;
        (Row, Told, Attempts) = (row, found.Delivery, found.Attempts);
        return true;
    }
}
