using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Templates;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Campaigns;
using NotificationServer.Channels;
using Npgsql;

namespace NotificationServer.Admin.Pages.Campaigns;

/// What a campaign says: its template, or several that are tried; seen as its readers see it, and sent to oneself.
[Writers(Policies.Marketing)]
internal sealed class ContentModel(CampaignStore campaigns, CampaignDesk desk, NpgsqlDataSource db, WordsReader words, TemplateDesk templates, TestDesk tests)
    : StepModel(campaigns, desk)
{
    public const int MostTemplates = 1_000;

    internal sealed record TemplateRow(string Key, string Name, string? Category, string? Class);

    [BindProperty] public ContentForm Form { get; set; } = new();
    /// Which variant is looked at, by its place.
    [BindProperty(SupportsGet = true)] public int Variant { get; set; }
    /// In which language; null: the default one.
    [BindProperty(SupportsGet = true)] public string? Locale { get; set; }
    /// Whose locale and zone the preview takes.
    [BindProperty(SupportsGet = true)] public string? As { get; set; }
    /// email, sms or push: which preview is seen; null: the first.
    [BindProperty(SupportsGet = true)] public string? Channel { get; set; }
    /// What a button asks to look at: `variant:1`, `locale:de`.
    [BindProperty] public string? Show { get; set; }
    [BindProperty] public string? TestTo { get; set; }
    [BindProperty] public string? TestChannel { get; set; }

    public IReadOnlyList<TemplateRow> Choices { get; private set; } = [];
    /// As they are stored.
    public IReadOnlyList<PlannedWords> Said { get; private set; } = [];
    public IReadOnlyList<string> Families { get; private set; } = [];
    public Look Look { get; private set; } = Look.Nothing;
    /// Those with something to see.
    public IReadOnlyList<string> Seeable => [.. ContentForm.Families.Where(family => Look.Previews.Any(preview => preview.Family.Name() == family))];
    public PlannedWords? Shown => Said.Count == 0 ? null : Said[Math.Clamp(Variant, 0, Said.Count - 1)];
    public override string Step => "content";

    public string Sentence => Said switch
    {
        [] => "It says nothing yet: choose a template.",
        [{ Draft: null } gone] => $"The template {gone.Key} is gone: choose another one.",
        [var one] => $"It says “{one.Name}”, version {one.Version}.",
        _ => $"{Said.Count} variants are tried on {Campaign.Plan.AbTest?.SamplePercent}% of the people; the rest gets the one that is {(Campaign.Plan.AbTest?.Metric == NotificationServer.Campaigns.Plans.TestMetric.Clicked ? "clicked" : "opened")} most.",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        Seen = Campaign.Revision;
        Said = await words.OfAsync(Campaign.Plan, ct);
        Form = ContentForm.Of(Campaign.Plan, WordsReader.NamesOf(Said), WordsReader.SaidBy(Said));
        return await ShowAsync(ct);
    }

    /// The mail as it is stored, for its frame.
    public async Task<IActionResult> OnGetMailAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        Said = await words.OfAsync(Campaign.Plan, ct);
        await LookAsync(ct);
        return MailDocument.Of(Response, Look);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        Form.Tidy();
        if (Show?.Split(':', 2) is ["variant", var place] && int.TryParse(place, out var variant)) Variant = variant;
        else if (Show?.Split(':', 2) is ["locale", var locale]) Locale = locale.Length == 0 ? null : locale;
        Said = await words.OfAsync(Campaign.Plan, ct);
        var plan = Form.Over(Campaign.Plan, WordsReader.SaidBy(Said), ModelState);
        if (await SaveAsync(Campaign.Name, plan, ct, _ => Looking()) is not { } done) return await ShowAsync(ct);
        if (Then == "test") await TestAsync(ct);
        return done;
    }

    public string Looking(string? handler = null) => QueryHelpers.AddQueryString("", new Dictionary<string, string?>
    {
        ["handler"] = handler, ["variant"] = Variant == 0 ? null : $"{Variant}", ["locale"] = Locale, ["as"] = string.IsNullOrWhiteSpace(As) ? null : As.Trim(), ["channel"] = Channel,
    }.Where(pair => pair.Value is not null));

    protected override string? FieldOf(string pointer) => pointer switch
    {
        "/template" or "/template_version" => "Form.Template",
        "/channels" => "Form.Channels",
        "/ab_test/sample_percent" => "Form.SamplePercent",
        "/ab_test/decide_after" or "/ab_test/decide_after_seconds" => "Form.DecideAfter",
        _ when pointer.StartsWith("/ab_test", StringComparison.Ordinal) => "Form.Test",
        _ when pointer.StartsWith("/data", StringComparison.Ordinal) => "Form.Data",
        _ => null,
    };

    /// What was just saved.
    private async Task TestAsync(CancellationToken ct)
    {
        await FindAsync(ct);
        Said = await words.OfAsync(Campaign.Plan, ct);
        if (Shown is not { Draft: { } draft } shown)
        {
            this.Say("Nothing was sent: choose a template first.", "warn");
            return;
        }
        var family = TestChannel switch { "sms" => ChannelFamily.Sms, "push" => ChannelFamily.Push, _ => ChannelFamily.Email };
        var (viewer, _) = await templates.ViewerAsync(As, Locale, Personal.IsWholeFor(User), ct);
        var (failed, told) = await tests.SendAsync(shown.Key, shown.Version, draft with { Sample = Campaign.Plan.Data }, family, viewer, TestTo?.Trim(), User.Identity?.Name, ct);
        this.Say(told, failed ? "warn" : "ok");
    }

    private async Task LookAsync(CancellationToken ct)
    {
        if (Shown is not { } shown) return;
        var (viewer, who) = await templates.ViewerAsync(As, Locale, Personal.IsWholeFor(User), ct);
        var look = words.Look(shown, Campaign.Plan, viewer);
        Look = look with { Viewer = who ?? look.Viewer };
    }

    private async Task<IActionResult> ShowAsync(CancellationToken ct)
    {
        Families = WordsReader.SaidBy(Said);
        await LookAsync(ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        Choices = (await connection.QueryAsync<TemplateRow>(new CommandDefinition(
            Sql.Templates, new { chosen = Said.Select(one => one.Key).ToArray(), limit = MostTemplates }, cancellationToken: ct))).AsList();
        return Page();
    }

    internal static class Sql
    {
        // What a campaign may say: what is published, and of a category that is not critical. What it says already stays to be seen.
        public const string Templates = """
            select t.key, t.name, c.name as category, c.class
            from templates t
            left join categories c on c.key = t.category
            where (t.published is not null and t.archived_at is null and c.class <> 'critical') or t.key = any(@chosen::text[])
            order by c.name nulls last, lower(t.name), t.key
            limit @limit
            """;
    }
}
