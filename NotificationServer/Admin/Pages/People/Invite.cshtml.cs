using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Admin.Pages.People;

[Authorize(Policies.Administration)]
internal sealed class InviteModel(Invitations invitations, StaffMail mail, StaffLinks links) : PageModel
{
    [BindProperty] public string? Email { get; set; }
    [BindProperty] public string[] Chosen { get; set; } = [];

    public bool CanSend => mail.CanSend;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!EmailAddress.TryParse(Email?.Trim(), out var email, out _)) ModelState.AddModelError(nameof(Email), "Write a whole address, such as ada@example.org.");
        if (Chosen.Length == 0 || Chosen.Except(Roles.All).Any()) ModelState.AddModelError(nameof(Chosen), "Choose what they may do.");
        if (!ModelState.IsValid) return Page();

        if (await invitations.InviteAsync(email, [.. Chosen.Distinct()], Authors.Of(User.Identity?.Name), ct) is not { } token)
        {
            ModelState.AddModelError(nameof(Email), "This address has an account, or an invitation that still works.");
            return Page();
        }
        ShownLink.Leave(TempData, await SendAsync(mail, links, Request, email, token, User.Identity?.Name, ct));
        return RedirectToPage("/People/Index");
    }

    /// By mail where the server can; the link is shown in any case.
    internal static async Task<ShownLink> SendAsync(StaffMail mail, StaffLinks links, HttpRequest request, string email, string token, string? by, CancellationToken ct)
    {
        var isSent = mail.CanSend && links.Base is { } at && await mail.SendAsync(email, "You are invited", Letter(by, StaffLinks.Invitation(at, token), links.InvitationTime), ct);
        return new ShownLink(
            $"{email} is invited",
            isSent ? "The invitation was sent by e-mail. This is its link, in case it does not arrive; it works once and is not shown again."
                : "This server could not send it by e-mail. Give them this link yourself; it works once and is not shown again.",
            StaffLinks.Invitation(links.ShownTo(request), token));
    }

    private static string Letter(string? by, string link, string time) => $"""
        {by} invites you to the notification server.

        {link}

        Choose a password there, and you are in. The link works once, for {time}. If you do not know what this is about, do nothing.
        """;
}
