using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Campaigns;

/// A step of the composer. Its part of the plan is saved whenever it is left, however unfinished: a draft may lack anything.
internal abstract class StepModel(CampaignStore campaigns, CampaignDesk desk) : PageModel
{
    public static readonly (string Path, string Title)[] Steps =
        [("audience", "Audience"), ("content", "Content"), ("schedule", "Schedule"), ("review", "Review")];

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    /// The revision that the form was filled from.
    [BindProperty] public int Seen { get; set; }
    /// The step to go to, or nothing: this one again.
    [BindProperty] public string? Then { get; set; }

    public Campaign Campaign { get; private set; } = null!; // every handler finds it or answers 404
    public abstract string Step { get; }
    public string? Problem { get; protected set; }
    /// What is wrong elsewhere than in a field of this page.
    public IReadOnlyList<PlanError> Elsewhere { get; private set; } = [];

    public bool MayWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);
    public bool CanWrite => MayWrite && CampaignLabels.CanBeEdited(Campaign.Status);

    public string Link(string step) => $"{Request.PathBase}/admin/campaigns/{Id}/{step}";

    public string? Next => Steps.SkipWhile(step => step.Path != Step).Skip(1).Select(step => step.Path).FirstOrDefault();

    protected string Actor => Authors.Of(User.Identity?.Name);

    protected async Task<bool> FindAsync(CancellationToken ct)
    {
        if (!PrefixedId.TryParse("cmp", Id, out var id) || await campaigns.FindAsync(id, ct) is not { } campaign) return false;
        Campaign = campaign;
        return true;
    }

    /// What stands in the form was put into the plan; null: something in it cannot be read, or was refused, and the page says what.
    protected async Task<IActionResult?> SaveAsync(string name, CampaignPlan plan, CancellationToken ct, Func<string, string?>? query = null)
    {
        if (!ModelState.IsValid) return null;
        if (!IsSame(plan, Campaign.Plan) || name != Campaign.Name)
        {
            var wasAgreed = Campaign.Status is not CampaignStatus.Draft;
            var draft = new CampaignDraft(name, plan) { ClientId = Campaign.ClientId, Sandbox = Campaign.Sandbox };
            var answer = await desk.EditAsync(Campaign.Id, Seen, draft, Actor, ct);
            if (answer.Status != CampaignAnswerStatus.Done) return await RefusedAsync(answer, ct);
            if (wasAgreed) this.Say("Saved. It is a draft again and has to be approved once more.", "warn");
            else if (Then is null or "") this.Say("Saved.");
        }
        var next = Steps.Any(step => step.Path == Then) ? Then! : Step; // it is one of them
        return Redirect(Link(next) + (next == Step ? query?.Invoke(next) : null));
    }

    private async Task<IActionResult?> RefusedAsync(CampaignAnswer answer, CancellationToken ct)
    {
        switch (answer.Status)
        {
            case CampaignAnswerStatus.NotFound:
                return NotFound();
            case CampaignAnswerStatus.Changed:
                // Only this step's part of their plan is replaced by saving again.
                if (!await FindAsync(ct)) return NotFound();
                ModelState.Remove(nameof(Seen));
                Seen = Campaign.Revision;
                Problem = $"It was not saved: {Authors.Name(Campaign.UpdatedBy)} changed this campaign while you were writing. What you wrote still stands here; save again to put it in place of theirs.";
                return null;
            default:
                foreach (var error in answer.Errors)
                    if (FieldOf(error.Pointer) is { } field) ModelState.AddModelError(field, AsSentence(error.Message));
                Elsewhere = [.. answer.Errors.Where(error => FieldOf(error.Pointer) is null)];
                Problem = answer.Problem is { } problem ? $"It was not saved: {problem}"
                    : Elsewhere.Count > 0 ? $"It was not saved: {AsSentence(Elsewhere[0].Message)}" : "It was not saved: see what is marked below.";
                return null;
        }
    }

    /// Where this page shows what a pointer into the plan is about; null: elsewhere.
    protected abstract string? FieldOf(string pointer);

    public static string AsSentence(string message) => message.Length == 0 ? message : $"{char.ToUpperInvariant(message[0])}{message[1..].TrimEnd('.')}.";

    // By what it says: the database keeps objects in another order than a form.
    private static bool IsSame(CampaignPlan one, CampaignPlan other) => JsonNode.DeepEquals(JsonNode.Parse(one.ToJson()), JsonNode.Parse(other.ToJson()));
}
