using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Admin.Pages.Users;

/// Who is this, and what may we send them? One tab at a time is read.
[Writers(Policies.Marketing)]
internal sealed class PersonModel(
    PersonDesk desk, MatrixDesk matrices, ReachDesk reach, BlockStore blocks, DeviceStore devices, ConsentHistory history, PersonalLinks links, AuditTrail audit, TimeProvider clock) : PageModel
{
    public const int PageSize = 50;
    public const int MostDevices = 100;
    public const int MaxReason = 500;

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty(SupportsGet = true)] public string? Tab { get; set; }
    /// In a list that goes back in time.
    [BindProperty(SupportsGet = true)] public Guid? Before { get; set; }
    [BindProperty(SupportsGet = true)] public string? Category { get; set; }
    [BindProperty(SupportsGet = true, Name = "channel")] public string[] Channels { get; set; } = [];
    [BindProperty] public QuietForm Quiet { get; set; } = new();

    public PersonHead Head { get; private set; } = null!; // every handler sets it or answers 404
    public IReadOnlyList<Device> Devices { get; private set; } = [];
    public Matrix? Matrix { get; private set; }
    public IReadOnlyList<Consent> Consents { get; private set; } = [];
    public Guid? BrokenAt { get; private set; }
    public IReadOnlyList<PersonMessage> Messages { get; private set; } = [];
    public Guid? Older { get; private set; }
    public ReachAnswer? Answer { get; private set; }
    public string? Link { get; private set; }

    public bool CanWrite => Personal.IsWholeFor(User);
    public bool IsAdministrator => User.IsInRole(Roles.Administrator);
    public DateTimeOffset Now => clock.GetUtcNow();
    public string Shown => Tab is "devices" or "preferences" or "consents" or "messages" or "reach" ? Tab : "profile";

    /// What templates may say of a person is as personal as their address.
    public string? Attributes => Head.User is not { } user ? null : Personal.IsWholeFor(User) ? Pretty.Json(JsonElement.Parse(user.Attributes))
        : string.Join("\n", JsonElement.Parse(user.Attributes).EnumerateObject().Select(one => $"{one.Name}: …"));

    public static string ChannelOf(Device device) => ChannelNames.OfPlatform(device.Platform).Name();

    /// As much of a token as tells two of them apart.
    public static string Short(string token) => token.Length <= 12 ? token : $"{token[..6]}…{token[^4..]}";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (Shown == "preferences") Quiet = QuietForm.Of(Matrix?.Quiet);
        return Page();
    }

    public async Task<IActionResult> OnPostBlockAsync(string? reason, DateOnly? until, CancellationToken ct)
    {
        if (!RecipientId.TryParse(Id, null, out var user)) return NotFound();
        var end = BlockForm.EndOf(until);
        if (!ModelState.IsValid) this.Say("Nobody was blocked: choose a day from today to a year ahead.", "fail");
        else if (BlockForm.Problem(reason, end, clock.GetUtcNow()) is { } problem) this.Say($"Nobody was blocked: {problem}", "fail");
        else
        {
            await blocks.PutAsync(user, reason!.Trim(), end, Authors.Of(User.Identity?.Name), ct); // looked at one line above
            this.Say($"{Id} is blocked: nothing is sent to this person any more.", undo: ("Undo", Url.Page("/Users/Person", "Undo", new { id = Id, tab = Tab })!)); // our own page
        }
        return Back();
    }

    public Task<IActionResult> OnPostUndoAsync(CancellationToken ct) => LiftAsync("taken back", ct);

    public async Task<IActionResult> OnPostUnblockAsync(string? reason, CancellationToken ct)
    {
        if (OneLine.Is(reason, MaxReason)) return await LiftAsync(reason!.Trim(), ct); // it fits
        this.Say("The block stays: say why it is lifted, on one line.", "fail");
        return Back();
    }

    public async Task<IActionResult> OnPostRemoveDeviceAsync(string? device, string? reason, CancellationToken ct)
    {
        if (!RecipientId.TryParse(Id, null, out var user) || !RecipientId.TryParse(device, null, out var key)) return NotFound();
        if (!OneLine.Is(reason, MaxReason)) this.Say("The device stays: say why it goes, on one line.", "fail");
        else if (await devices.RemoveAsync(user, key, Authors.Of(User.Identity?.Name), reason!.Trim(), ct)) this.Say($"Device {key.Value} is removed. It comes back if its app registers it again."); // it fits
        else this.Say("This device was gone already.", "warn");
        return Back();
    }

    public async Task<IActionResult> OnPostQuietAsync(CancellationToken ct)
    {
        Tab = "preferences";
        if (!await ReadAsync(ct)) return NotFound();
        if (Matrix is not null && Quiet.Read(ModelState) is { } change && await matrices.SetQuietAsync(Head.Key, Matrix.Quiet, change, Authors.Of(User.Identity?.Name), Quiet.Reason!.Trim(), ct)) // read: it fits
        {
            this.Say(change.Quiet is { } hours ? $"Left alone from {hours.From:HH\\:mm} to {hours.To:HH\\:mm}." : "There are no quiet hours any more.");
            return Back();
        }
        return Page();
    }

    /// Shown once, on this very answer: whoever has it can change this person's choices.
    public async Task<IActionResult> OnPostLinkAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct) || Head.User is not { } user) return NotFound();
        Link = links.Preferences(new PersonalLink { UserId = user.Id, Locale = user.Locale });
        if (Link is null) this.Say($"There is no link: {PersonalLinks.NoAddress}.", "fail");
        else await audit.AppendAsync(new AuditEntry(Authors.Of(User.Identity?.Name), "user.preference_link", $"user:{user.Id}"), ct);
        return Link is null ? Back() : Page();
    }

    private async Task<IActionResult> LiftAsync(string reason, CancellationToken ct)
    {
        if (!RecipientId.TryParse(Id, null, out var user)) return NotFound();
        var lifted = await blocks.DeleteAsync(user, Authors.Of(User.Identity?.Name), reason, ct);
        this.Say(lifted ? $"{Id} is not blocked any more: the next message goes out." : "There was no block any more.", lifted ? "ok" : "warn");
        return await desk.FindAsync(Id, ct) is null ? RedirectToPage("/Blocked/Index") : Back();
    }

    private RedirectToPageResult Back() => RedirectToPage("/Users/Person", new { id = Id, tab = Tab });

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await desk.FindAsync(Id, ct) is not { } head) return false;
        Head = head;
        switch (Shown)
        {
            case "devices":
                Devices = await devices.ListAsync(head.Key, "", MostDevices, ct) ?? [];
                break;
            case "preferences" when head.User is not null:
                Matrix = await matrices.ReadAsync(head.Key, ct);
                break;
            case "consents":
                (Consents, Older) = Cut(await history.NewestAsync(head.Key, Before, PageSize + 1, ct), consent => consent.Id);
                BrokenAt = await history.FirstBreakAsync(head.Key, ct);
                break;
            case "messages":
                (Messages, Older) = Cut(await desk.MessagesAsync(head.Key, Before, PageSize + 1, ct), message => message.Id);
                break;
            case "reach":
                Answer = await reach.AnswerAsync(head.Key, Category, Channels, ct);
                break;
        }
        return true;
    }

    private static (IReadOnlyList<T>, Guid?) Cut<T>(IReadOnlyList<T> found, Func<T, Guid> id) =>
        found.Count > PageSize ? ([.. found.Take(PageSize)], id(found[PageSize - 1])) : (found, null);
}
