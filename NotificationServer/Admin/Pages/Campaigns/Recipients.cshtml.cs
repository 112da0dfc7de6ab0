using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Channels;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Campaigns;

/// What became of each person of a run.
internal sealed class RecipientsModel(CampaignStore campaigns, FiguresReader figures, RecipientList list, RecipientExport export, AuditTrail audit) : PageModel
{
    private const int PageSize = 50;
    /// In the URL: those of whom no language is known.
    public const string NoLocale = "none";
    public static IReadOnlyList<string> ChannelList { get; } = ["push", .. ChannelNames.All.Select(channel => channel.Name())];

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty(SupportsGet = true, Name = "run")] public string? RunId { get; set; }
    [BindProperty(SupportsGet = true)] public string? Person { get; set; }
    [BindProperty(SupportsGet = true)] public string? Status { get; set; }
    [BindProperty(SupportsGet = true)] public string? Channel { get; set; }
    /// Of Doing.Names.
    [BindProperty(SupportsGet = true)] public string? Did { get; set; }
    [BindProperty(SupportsGet = true)] public string? Locale { get; set; }
    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public Campaign Campaign { get; private set; } = null!; // every handler finds it or answers 404
    public CampaignFigures? Run { get; private set; }
    public RecipientPage Found { get; private set; } = new([], null, WasCutOff: false);

    public bool MayExport => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);
    public bool IsFiltered => !Filter.IsEmpty;
    public string Back => $"{Request.PathBase}/admin/campaigns/{Id}{(RunId is null ? "" : $"?run={Uri.EscapeDataString(RunId)}")}";

    public string Sentence => Run is null ? "The campaign has not gone out yet."
        : $"{Words.Number(Run.Messages)} {Words.Plural(Run.Messages, "message", "messages")} to {ReportWords.People(Run.Addressed)} of {Words.Number(Run.Audience)}.{(Run.ToCome > 0 ? $" {Words.Number(Run.ToCome)} are still to come." : "")}";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (Run is not null) Found = await list.ReadAsync(Run, Filter, Cursor, PageSize, ct);
        return Page();
    }

    public async Task<IActionResult> OnGetCsvAsync(CancellationToken ct)
    {
        if (!MayExport) return Forbid();
        if (!await ReadAsync(ct) || Run is null) return NotFound();
        await audit.AppendAsync(new AuditEntry(Authors.Of(User.Identity?.Name), "campaign.export", $"campaign:{Campaign.Id:N}")
        {
            After = new() { ["run"] = PrefixedId.Format("run", Run.RunId), ["status"] = Status, ["channel"] = Channel, ["did"] = Did, ["locale"] = Locale },
        }, ct);
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = $"attachment; filename=\"{RecipientExport.NameOf(Run)}\"";
        await export.WriteAsync(Run, Filter, Response.Body, ct);
        return new EmptyResult();
    }

    public static string StatusWord(string status) => status switch
    {
        "queued" => "Waiting",
        "sent" => "Sent, not confirmed",
        "suppressed" => "Not sent",
        RecipientRow.ToCome => "Still to come",
        _ => Words.Status(status),
    };

    public static string Tone(string status) => status is "sending" ? "wait" : status is RecipientRow.ToCome ? "wait" : Words.Tone(status);

    public static string DidWord(string did) => did switch
    {
        "opened_human" => "opened",
        "opened_machine" => "opened by a machine",
        "opened_unknown" => "opened, nobody knows by whom",
        "clicked_human" => "clicked",
        "clicked_machine" => "clicked by a machine",
        "clicked_unknown" => "clicked, nobody knows by whom",
        _ => did,
    };

    /// Of the filter.
    public static string DoingWord(string name) => name switch
    {
        "not_opened" => "Sent, not opened",
        "not_clicked" => "Sent, not clicked",
        _ => ReportWords.Capital(name),
    };

    public static string Who(RecipientRow row) => row.UserId is { } user && !IsErased(user) ? user : "erased";

    /// What stands in the place of whoever was erased.
    public static bool IsErased(string user) => user.StartsWith('~');

    private RecipientFilter Filter => new()
    {
        Person = Person, Status = Status, Did = Doing.Of(Did), Locale = Locale == NoLocale ? "" : Locale,
        Channels = Channel is null ? null : [.. ChannelNames.Expand(Channel).Select(channel => channel.Name()), .. Channel == "push" ? new[] { "push" } : []],
    };

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (!PrefixedId.TryParse("cmp", Id, out var id) || await campaigns.FindAsync(id, ct) is not { } campaign) return false;
        Campaign = campaign;
        Person = string.IsNullOrWhiteSpace(Person) ? null : Person.Trim();
        Status = Status is not null && RecipientRow.Statuses.Contains(Status) ? Status : null;
        Channel = Channel is not null && ChannelList.Contains(Channel) ? Channel : null;
        Did = Doing.Of(Did) is null ? null : Did;
        Locale = string.IsNullOrWhiteSpace(Locale) ? null : Locale.Trim();
        if (RunId is null) Run = await figures.OfCampaignAsync(id, 1, ct) is [var newest] ? newest : null;
        else if (!PrefixedId.TryParse("run", RunId, out var run) || (Run = await figures.OfRunAsync(id, run, ct)) is null) return false;
        return true;
    }
}
