using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Failures;

/// The last look before many messages are requeued or discarded: what will happen, in numbers. It does what the REST call does.
[Writers(Policies.Operations)]
internal sealed class DecideModel(NotificationServer.Queue.Operations operations, ProviderAccounts accounts, Obstacles obstacles, TimeProvider clock) : PageModel
{
    public const int Most = 1_000_000;
    public const int LookedAt = 2_000;
    private const int DefaultRate = 200;

    [BindProperty(SupportsGet = true)] public required string Verb { get; set; }
    [BindProperty(SupportsGet = true)] public FailureQuery Query { get; set; } = new();
    /// Messages a second; nothing: as fast as it goes.
    [BindProperty(SupportsGet = true), Range(1, 10_000, ErrorMessage = "1 to 10,000 messages a second, or nothing")] public int? Rate { get; set; }
    /// The account that they are to go through.
    [BindProperty(SupportsGet = true)] public string? Through { get; set; }
    [BindProperty] public string? Reason { get; set; }
    /// What the page had said when the button was pressed.
    [BindProperty] public string? Shown { get; set; }

    public IReadOnlyList<NotificationServer.Queue.Operations.Part> Parts { get; private set; } = [];
    public NotificationServer.Queue.Operations.Hopeless Hopeless { get; private set; } = new(0, 0, 0);
    public IReadOnlyList<string> Warnings { get; private set; } = [];
    public IReadOnlyList<ProviderAccount> Choices { get; private set; } = [];
    public string? Changed { get; private set; }

    public bool IsRequeue => Verb == "requeue";
    public bool CanWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);
    public int Matched => Parts.Sum(part => part.Matched);
    public string Messages => $"{(Matched >= Most ? "at least " : "")}{Words.Number(Matched)} {Words.Plural(Matched, "message", "messages")}";

    /// "Requeue 12,431 messages through sendgrid-eu at 200 a second: about 62 s."
    public string Sentence => (Matched, IsRequeue) switch
    {
        (0, _) => "Nothing that waits for a decision fits.",
        (_, true) => $"Requeue {Messages}{(Through is null ? "" : $" through {Through}")} {Pace}",
        (_, false) => $"Close {Messages} for good: {Words.Plural(Matched, "it stays", "they stay")} failed, and nobody is asked again. For a week this can be undone.",
    };

    public string Action => IsRequeue ? $"Requeue {Messages}" : $"Discard {Messages}";

    /// What the sentence depends on: pressed for something else than was shown, the page asks again.
    public string Effect => $"{Rate}/{Through}";

    private string Pace => Rate is { } rate
        ? $"at {Words.Number(rate)} a second: about {Words.Age(TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(Matched / (double)rate))))}."
        : "as fast as it goes.";

    public async Task OnGetAsync(CancellationToken ct)
    {
        if (!Request.Query.ContainsKey("rate") && IsRequeue) Rate = DefaultRate;
        await ReadAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Through = string.IsNullOrWhiteSpace(Through) ? null : Through;
        Reason = Reason?.Trim();
        if (string.IsNullOrEmpty(Reason)) ModelState.AddModelError(nameof(Reason), "Say why: it is kept with each message");
        else if (Reason.Length > 500) ModelState.AddModelError(nameof(Reason), "Use at most 500 characters");
        if (Through is not null && accounts.Find(Through) is not { IsUsable: true }) ModelState.AddModelError(nameof(Through), "There is no such account that is enabled");
        await ReadAsync(ct);
        if (ModelState.IsValid && Shown is not null && Shown != Effect)
        {
            Changed = "You changed how it is done. This is what will happen now:";
            ModelState.Remove(nameof(Shown));
        }
        if (!ModelState.IsValid || Changed is not null || Matched == 0) return Page();

        var operation = await operations.StartAsync(new OperationRequest(
            IsRequeue ? OperationType.Requeue : OperationType.Discard, Query.ToFilter(clock.GetUtcNow()), Reason ?? "", Authors.Of(User.Identity?.Name))
        {
            Most = Most,
            Rate = Rate,
            Provider = IsRequeue ? Through : null,
        }, ct);
        return RedirectToPage("/Failures/Operation", new { id = PrefixedId.Format("op", operation.Id) });
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var filter = Query.ToFilter(clock.GetUtcNow());
        Parts = await operations.PartsAsync(filter, Most, ct);
        Choices = [.. accounts.All.Where(account => account.IsUsable && account.Channels.Any(channel => Parts.Any(part => part.Channel == channel.Name()))).OrderBy(account => account.Key)];
        if (!IsRequeue || Matched == 0) return;
        Hopeless = await operations.HopelessAsync(filter, LookedAt, ct);
        Warnings = [.. Doubts(), .. await obstacles.OfAsync([.. Parts.Select(part => (part.Channel, Through ?? part.Provider))], ct)];
    }

    private IEnumerable<string> Doubts()
    {
        var among = Matched > Hopeless.Looked ? $" of the first {Words.Number(Hopeless.Looked)}" : "";
        if (Hopeless.Accepted > 0)
            yield return $"{Words.Number(Hopeless.Accepted)}{among} {Words.Plural(Hopeless.Accepted, "was", "were")} accepted by a provider before, and will be refused: nobody gets a message twice.";
        if (Hopeless.Expired > 0)
            yield return $"The time of {Words.Number(Hopeless.Expired)}{among} is over: {Words.Plural(Hopeless.Expired, "it ends", "they end")} as expired and {Words.Plural(Hopeless.Expired, "is", "are")} not sent.";
        var unsure = Parts.Sum(part => part.MayHaveBeenSent);
        if (unsure > 0)
            yield return $"{Words.Number(unsure)} may have arrived already: nobody knows how one of their calls ended. Sent again, they may arrive twice.";
    }
}
