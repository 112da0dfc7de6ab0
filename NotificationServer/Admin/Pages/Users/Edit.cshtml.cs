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
internal sealed class EditModel(UserStore users, UserEditor editor, PhonePolicy phones) : PageModel
{
    /// Null: somebody new.
    [BindProperty(SupportsGet = true)] public string? Id { get; set; }
    [BindProperty] public string? NewId { get; set; }
    [BindProperty] public ProfileForm Form { get; set; } = new();

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
        var stored = IsNew ? await editor.CreateAsync(key, profile, by, ct) : await editor.ReplaceAsync(key, profile, Form.Version, by, ct);
        if (stored is not null)
        {
            this.Say(IsNew ? $"{key.Value} is known now." : "The profile is changed.");
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
}
