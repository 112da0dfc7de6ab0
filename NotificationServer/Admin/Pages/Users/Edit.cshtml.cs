using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Recipients;

namespace NotificationServer.Admin.Pages.Users;

/// A person's profile by hand: a new one for a test, or a correction. Services bring in the rest.
[Writers(Policies.Marketing)]
internal sealed class EditModel(UserStore users, UserEditor editor, PhonePolicy phones, Undoing undoing) : PageModel
{
    /// Null: somebody new.
    [BindProperty(SupportsGet = true)] public string? Id { get; set; }
    [BindProperty] public string? NewId { get; set; }
    [BindProperty] public ProfileForm Form { get; set; } = new();

    /// Version: of what it became.
    private sealed record Was(UserProfile Profile, int Version);

    public bool IsNew => string.IsNullOrEmpty(Id);
    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!Personal.IsWholeFor(User)) return Forbid(IdentityConstants.ApplicationScheme); // the form shows everything in full
        if (IsNew) return Page();
        if (!RecipientId.TryParse(Id, null, out var key) || await users.FindAsync(key, ct) is not { } user) return NotFound();
        Form = ProfileForm.Of(user);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!RecipientId.TryParse(IsNew ? NewId?.Trim() : Id, null, out var key))
            ModelState.AddModelError(nameof(NewId), "1 to 128 of A-Z a-z 0-9 . _ : @ | = + -, beginning with a letter or a digit.");
        var profile = Form.Read(phones, ModelState);
        if (!ModelState.IsValid) return Page();

        var by = Authors.Of(User.Identity?.Name);
        var before = IsNew ? null : await users.FindAsync(key, ct);
        var stored = IsNew ? await editor.CreateAsync(key, profile, by, ct) : await editor.ReplaceAsync(key, profile, Form.Version, by, ct);
        if (stored is not null)
        {
            this.SayUndoably(IsNew ? $"{key.Value} is known now." : "The profile is changed.", Url.Page("/Users/Edit", "Undo", new { id = key.Value })!, // our own page
                before is { } old && old.Version == Form.Version ? undoing.Seal(key.Value, new Was(ProfileOf(old), stored.Version)) : null);
            return RedirectToPage("/Users/Person", new { id = key.Value });
        }
        if (IsNew) ModelState.AddModelError(nameof(NewId), "There is a user of this id already.");
        else if (await users.FindAsync(key, ct) is not { } now) Problem = "It was not saved: this user was deleted meanwhile.";
        else
        {
            Problem = $"It was not saved: somebody made version {now.Version} while you were writing. Yours still stands here; save again to put it in place of theirs.";
            ModelState.Remove("Form.Version");
            Form.Version = now.Version;
        }
        return Page();
    }

    /// As it was before what the notice told of, unless somebody changed it since; whoever is gone stays so.
    public async Task<IActionResult> OnPostUndoAsync(string? was, CancellationToken ct)
    {
        if (IsNew || !RecipientId.TryParse(Id, null, out var key)) return NotFound();
        if (undoing.Open<Was>(key.Value, was) is not { } before || await editor.ReplaceAsync(key, before.Profile, before.Version, Authors.Of(User.Identity?.Name), ct) is null)
            this.SayNotUndone();
        else
            this.Say("The profile is again what it was.");
        return RedirectToPage("/Users/Person", new { id = key.Value });
    }

    private static UserProfile ProfileOf(StoredUser user) => new()
    {
        Email = user.Email, Phone = user.Phone, Locale = user.Locale, TimeZone = user.TimeZone, Country = user.Country, Attributes = user.Attributes, Tags = user.Tags,
    };
}
