using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Failures;
using NotificationServer.Admin.Pages.Templates;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Admin.Pages.Messages;

/// What happened to one message, why, and what can still be done about it.
[Writers(Policies.Operations, "Read")]
internal sealed class MessageModel(
    StoryReader stories, MessageContent contents, ContentDoor door, Requeue requeue, Cancellation cancellation, NotificationServer.Queue.Operations operations,
    ProviderAccounts accounts, Obstacles obstacles) : PageModel
{
    private const int LongestReason = 500;

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public string? Through { get; set; }

    public MessageStory Story { get; private set; } = null!; // every handler sets it or answers 404
    public MessageHead Head => Story.Head;
    /// What was said; null while nobody asked.
    public ChannelPreview? Preview { get; private set; }
    public IReadOnlyList<ProviderAccount> Choices { get; private set; } = [];
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public bool CanWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);
    public bool CanRead => ContentDoor.MayAsk(User);
    public bool CanRequeue => CanWrite && Head.State == "failed" && !Head.IsErased;
    public bool CanDiscard => CanWrite && Head.Fingerprint is not null;
    public bool CanCancel => CanWrite && Head.IsWaiting;
    public string Who => Head.UserId ?? (Head.Address is null ? "Nobody" : Personal.Text(User, Head.Address));
    public string Sentence => MessageSentence.Of(Head, Who);
    public Because? Why => Head.State is "suppressed" or "failed" or "bounced" or "expired" or "cancelled" && Head.Reason is { } reason
        ? Because.Of(reason, Head.UserId, Head.Category, Head.CategoryName, Head.ErrorCode) : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (await door.IsOpenAsync(User, Head.Id, ct)) Preview = await contents.OfAsync(Head, ct);
        return Page();
    }

    /// The mail's own HTML, for a frame that can do nothing.
    public async Task<IActionResult> OnGetMailAsync(CancellationToken ct)
    {
        if (!PrefixedId.TryParse("msg", Id, out var id) || !await door.IsOpenAsync(User, id, ct) || await stories.FindAsync(id, ct) is not { Channel: "email" } head) return NotFound();
        return MailDocument.Of(Response, new Look([await contents.OfAsync(head, ct)], [], []));
    }

    public async Task<IActionResult> OnPostReadAsync(CancellationToken ct)
    {
        if (!CanRead) return new ForbidResult(IdentityConstants.ApplicationScheme);
        if (!await ReadAsync(ct)) return NotFound();
        await door.AskAsync(User, Head.Id, ct);
        return RedirectToPage(null, null, new { id = Id }, "content");
    }

    public async Task<IActionResult> OnPostRequeueAsync(CancellationToken ct)
    {
        if (await RefusedAsync(ct) is { } refused) return refused;
        Through = string.IsNullOrWhiteSpace(Through) ? null : Through;
        if (Through is not null && accounts.Find(Through) is not { IsUsable: true }) return Said("Nothing was changed: there is no such account that is enabled.", "warn");
        return await requeue.RequeueAsync(Head.Id, Reason ?? "", Authors.Of(User.Identity?.Name), Through, ct) switch
        {
            RequeueStatus.Requeued => Said("It is back in its queue."),
            RequeueStatus.AcceptedBefore => Said("It was not requeued: a provider accepted it, and nobody gets a message twice.", "warn"),
            RequeueStatus.NotFailed => Said("Nothing was changed: it is not failed any more.", "warn"),
            RequeueStatus.UnknownMessage => NotFound(),
        };
    }

    public async Task<IActionResult> OnPostDiscardAsync(CancellationToken ct)
    {
        if (await RefusedAsync(ct) is { } refused) return refused;
        var operation = await operations.StartAsync(
            new OperationRequest(OperationType.Discard, new DeadLetterFilter { Ids = [Head.Id] }, Reason ?? "", Authors.Of(User.Identity?.Name)) { Most = 1 }, ct);
        return RedirectToPage("/Failures/Operation", new { id = PrefixedId.Format("op", operation.Id) });
    }

    public async Task<IActionResult> OnPostCancelAsync(CancellationToken ct)
    {
        if (await RefusedAsync(ct) is { } refused) return refused;
        return await cancellation.CancelAsync(Head.Id, Reason ?? "", Authors.Of(User.Identity?.Name), ct)
            ? Said("It is cancelled, and will not be sent.") : Said("Too late: it is being sent, or has ended.", "warn");
    }

    /// Of nothing, or without saying why.
    private async Task<IActionResult?> RefusedAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        Reason = Reason?.Trim();
        if (string.IsNullOrEmpty(Reason)) ModelState.AddModelError(nameof(Reason), "Say why: it is kept with the message");
        else if (Reason.Length > LongestReason) ModelState.AddModelError(nameof(Reason), "Use at most 500 characters");
        return ModelState.IsValid ? null : Page();
    }

    private RedirectToPageResult Said(string words, string tone = "ok")
    {
        this.Say(words, tone);
        return RedirectToPage(new { id = Id });
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (!PrefixedId.TryParse("msg", Id, out var id) || await stories.ReadAsync(id, ct) is not { } story) return false;
        Story = story;
        if (!CanRequeue || !ChannelNames.TryParse(Head.Channel, out var channel)) return true;
        Choices = [.. accounts.All.Where(account => account.IsUsable && account.Carries(channel, Head.PushProvider)).OrderBy(account => account.Key)];
        Warnings = await obstacles.OfAsync([(Head.Channel, Head.Provider)], ct);
        return true;
    }
}
