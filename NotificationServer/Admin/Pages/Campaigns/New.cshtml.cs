using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Campaigns;

/// A campaign begins with its name; the rest is asked for step by step.
[Authorize(Policies.Marketing)]
internal sealed class NewModel(CampaignDesk desk) : PageModel
{
    [BindProperty] public string? Name { get; set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > 200)
        {
            ModelState.AddModelError(nameof(Name), "Write a name, of at most 200 characters.");
            return Page();
        }
        var answer = await desk.CreateAsync(new CampaignDraft(name, new CampaignPlan()), Authors.Of(User.Identity?.Name), ct);
        if (answer.Campaign is { } campaign && answer.Status == CampaignAnswerStatus.Done)
            return RedirectToPage("/Campaigns/Audience", new { id = PrefixedId.Format("cmp", campaign.Id) });
        Problem = $"It was not made: {answer.Problem ?? answer.Errors.Select(error => error.Message).FirstOrDefault()}";
        return Page();
    }
}
