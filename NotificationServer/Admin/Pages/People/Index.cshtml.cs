using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.People;

/// Who may come in, as what, and who was invited.
[Authorize(Policies.Administration)]
internal sealed class IndexModel(PeopleList people, SecondFactorRule rule, Invitations invitations, StaffMail mail, StaffLinks links) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Role { get; set; }
    [BindProperty(SupportsGet = true)] public string? Status { get; set; }
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<PersonRow> Rows { get; private set; } = [];
    public IReadOnlyList<Identity.People.Invitation> Waiting { get; private set; } = [];
    public PeopleList.Total All { get; private set; } = new(0, 0, 0, 0);
    public bool HasMore { get; private set; }
    public ShownLink? Link { get; private set; }

    public bool IsFiltered => Q is not null || Role is not null || Status is not null;

    public string Sentence => $"{Words.Number(All.People, 10_000)} {Words.Plural(All.People, "person", "people")}, {Words.Number(All.Administrators)} of them "
        + $"{Words.Plural(All.Administrators, "an administrator", "administrators")}"
        + (All.Disabled > 0 ? $", {Words.Number(All.Disabled)} disabled" : "")
        + (All.Alone > 0 ? $"; {Words.Number(All.Alone)} {Words.Plural(All.Alone, "has", "have")} no second factor although the role asks for it." : ".");

    public string FactorOf(PersonRow row) => row.TwoFactorEnabled ? "on" : row.HasPassword && rule.AsksOf(row.Roles) ? "missing" : "off";

    public async Task OnGetAsync(CancellationToken ct)
    {
        var rows = await people.ReadAsync(Q, Empty(Role), Empty(Status), After, ct);
        HasMore = rows.Count > PeopleList.PageSize;
        Rows = HasMore ? [.. rows.Take(PeopleList.PageSize)] : rows;
        (All, Waiting) = await people.AroundAsync([.. Roles.All.Where(role => rule.AsksOf([role]))], ct);
        Link = ShownLink.Take(TempData);
    }

    public async Task<IActionResult> OnPostAgainAsync(Guid id, CancellationToken ct)
    {
        if (await invitations.RenewAsync(id, Authors.Of(User.Identity?.Name), ct) is not var (invitation, token))
            this.Say("This invitation is gone: it was accepted or revoked.", "warn");
        else
            ShownLink.Leave(TempData, await InviteModel.SendAsync(mail, links, Request, invitation.Email, token, User.Identity?.Name, ct));
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostRevokeAsync(Guid id, CancellationToken ct)
    {
        if (await invitations.RevokeAsync(id, Authors.Of(User.Identity?.Name), ct) is { } gone) this.Say($"{gone.Email} is not invited any more; the link does not work.");
        else this.Say("This invitation is gone: it was accepted or revoked.", "warn");
        return RedirectToPage();
    }

    private static string? Empty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
