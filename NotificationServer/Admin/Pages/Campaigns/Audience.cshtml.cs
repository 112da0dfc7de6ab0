using Dapper;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Web;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Pages.Campaigns;

/// Whom a campaign is for: everybody, or people in some segments; and whom not.
[Writers(Policies.Marketing)]
internal sealed class AudienceModel(CampaignStore campaigns, CampaignDesk desk, NpgsqlDataSource db) : StepModel(campaigns, desk)
{
    /// More are found by searching.
    public const int MostShown = 100;
    public const string In = "in", Out = "out";

    internal sealed record Row
    {
        public required Guid Id { get; init; }
        public required string Name { get; init; }
        public required string Description { get; init; }
        public required string Kind { get; init; }
        public long? EstimatedSize { get; init; }
        public DateTimeOffset? EstimatedAt { get; init; }
        public DateTimeOffset? ArchivedAt { get; init; }

        public string Key => PrefixedId.Format("seg", Id);
        /// Named by a service, and not there: whoever saves keeps it, since without any segment a campaign goes to everybody.
        public bool IsUnknown => Kind.Length == 0;

        public static Row Unknown(Guid id) => new() { Id = id, Name = "Unknown segment", Description = "", Kind = "" };
    }

    [BindProperty] public string? Name { get; set; }
    /// in or out, by the segment's id.
    [BindProperty] public Dictionary<string, string> Use { get; set; } = [];
    /// Part of a segment's name.
    [BindProperty(SupportsGet = true)] public string? Q { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];
    public bool HasMore { get; private set; }
    public override string Step => "audience";

    /// Of what is stored.
    public string Sentence { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        (Name, Seen) = (Campaign.Name, Campaign.Revision);
        var audience = Campaign.Plan.Audience;
        Use = audience.SegmentIds.Select(id => (Id: id, Way: In)).Concat(audience.ExcludeSegmentIds.Select(id => (Id: id, Way: Out)))
            .DistinctBy(use => use.Id).ToDictionary(use => PrefixedId.Format("seg", use.Id), use => use.Way);
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > 200) ModelState.AddModelError(nameof(Name), "Write a name, of at most 200 characters.");
        var plan = Campaign.Plan with { Audience = new Audience { SegmentIds = Chosen(In), ExcludeSegmentIds = Chosen(Out) } };
        return await SaveAsync(name, plan, ct, _ => string.IsNullOrWhiteSpace(Q) ? null : $"?q={Uri.EscapeDataString(Q.Trim())}") ?? await ShowAsync(ct);
    }

    public string? WayOf(Row row) => Use.GetValueOrDefault(row.Key);

    protected override string? FieldOf(string pointer) =>
        pointer == "/name" ? nameof(Name) : pointer.StartsWith("/audience", StringComparison.Ordinal) ? nameof(Use) : null;

    private Guid[] Chosen(string way) =>
        [.. Use.Where(use => use.Value == way).Select(use => PrefixedId.TryParse("seg", use.Key, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Order()];

    private async Task<IActionResult> ShowAsync(CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.Segments, new
        {
            chosen = Chosen(In).Concat(Chosen(Out)).ToArray(), limit = MostShown + 1,
            search = Q is null ? null : $"%{Q.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%",
        }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > MostShown;
        var unknown = Chosen(In).Concat(Chosen(Out)).Except(rows.Select(row => row.Id)).Select(Row.Unknown);
        Rows = [.. unknown, .. rows.Take(MostShown)];
        Sentence = AudienceWords.Sentence(Campaign.Plan.Audience, await AudienceWords.NamesAsync(connection, Campaign.Plan.Audience, ct));
        return Page();
    }

    internal static class Sql
    {
        // Those that are in use come first, whatever is searched for. Segments are hundreds: the search needs no index.
        public const string Segments = """
            select id, name, description, kind, estimated_size, estimated_at, archived_at
            from segments
            where id = any(@chosen::uuid[]) or (archived_at is null and (@search::text is null or name ilike @search::text))
            order by id = any(@chosen::uuid[]) desc, lower(name), id
            limit @limit
            """;
    }
}
