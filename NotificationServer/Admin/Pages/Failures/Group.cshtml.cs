using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Messages;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Admin.Pages.Failures;

/// One kind of failure: what it is, what to do about it, and the messages that it holds.
[Writers(Policies.Operations)]
internal sealed class GroupModel(NpgsqlDataSource db, NotificationServer.Queue.Operations operations, FailureGroups groups, CampaignNames campaigns, TimeProvider clock) : PageModel
{
    public const int PageSize = 50;
    private const int MostOfOneRecipient = 10_000;

    internal sealed record LetterRow
    {
        public required Guid MessageId { get; init; }
        public string? UserId { get; init; }
        public string? Address { get; init; }
        public string? Template { get; init; }
        public required string Reason { get; init; }
        public required int Attempts { get; init; }
        public required DateTimeOffset FailedAt { get; init; }
        public required bool Quarantined { get; init; }
        public required bool MayHaveBeenSent { get; init; }
        public required long Position { get; init; }
    }

    // A field of a form would come before the address.
    [BindProperty(SupportsGet = true), FromRoute(Name = "fingerprint")] public required string Fingerprint { get; set; }
    [BindProperty(SupportsGet = true)] public FailureQuery Query { get; set; } = new();
    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }
    [BindProperty, StringLength(500)] public string? Reason { get; set; }

    public GroupRow Group { get; private set; } = null!; // every handler sets it or answers 404
    public IReadOnlyList<LetterRow> Rows { get; private set; } = [];
    public string? Next { get; private set; }
    public CampaignNames.Known? Campaign { get; private set; }
    /// Of those that fit the filter; exact up to a million.
    public long Matching { get; private set; }
    public string Advice { get; private set; } = "";
    public string What { get; private set; } = "";

    public bool CanWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    public string Sentence => $"{What} {Advice}";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostMuteAsync(CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(Reason)) ModelState.AddModelError(nameof(Reason), "Say why, for those who come after you");
        if (!ModelState.IsValid) return await ReadAsync(ct) ? Page() : NotFound();
        var muted = await groups.MuteAsync(Fingerprint, Reason!.Trim(), Authors.Of(User.Identity?.Name), ct); // not null: looked at above
        this.Say(muted ? "This group is out of sight until it grows again." : "Nothing was changed: it is out of sight already.",
            undo: muted ? ("Undo", Url.Page("/Failures/Group", "Open", new { fingerprint = Fingerprint }) ?? "") : null);
        return RedirectToPage(new { fingerprint = Fingerprint });
    }

    public async Task<IActionResult> OnPostOpenAsync(CancellationToken ct)
    {
        await groups.OpenAsync(Fingerprint, Authors.Of(User.Identity?.Name), ct);
        this.Say("This group is shown again.");
        return RedirectToPage(new { fingerprint = Fingerprint });
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        Query.Fingerprint = Fingerprint;
        var filter = Query.ToFilter(clock.GetUtcNow());
        var ids = filter.Recipient is null ? null : await operations.MatchingAsync(new() { Recipient = filter.Recipient }, MostOfOneRecipient, ct);
        Campaign = await campaigns.FindAsync(Query.Campaign, ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<GroupRow>(new CommandDefinition(
            Sql.Group, new { fingerprint = Fingerprint, countTo = IndexModel.CountTo + 1 }, cancellationToken: ct)) is not { } group) return false;
        Group = group;
        var outcome = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Sql.LastOutcome, new { id = group.SampleMessageId }, cancellationToken: ct));
        (What, Advice) = Remedy.Of(group.ErrorCode, group.Provider, outcome);

        var (position, after) = ReadCursor();
        var rows = (await connection.QueryAsync<LetterRow>(new CommandDefinition(Sql.Letters, new
        {
            fingerprint = Fingerprint, filter.Template, filter.From, filter.To, ids, runs = Campaign?.Runs, position, after, limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        Rows = rows.Count > PageSize ? rows[..PageSize] : rows;
        Next = rows.Count > PageSize ? $"{Rows[^1].Position}.{Rows[^1].MessageId:N}" : null;
        Matching = Query.IsOfLetters ? (await operations.CountAsync(filter, DecideModel.Most, ct)).Matched : group.Waiting;
        return true;
    }

    private (long? Position, Guid? After) ReadCursor() => Cursor?.Split('.', 2) is [var position, var after]
        && long.TryParse(position, out var at) && Guid.TryParseExact(after, "N", out var id) ? (at, id) : (null, null);

    public static string IdOf(LetterRow row) => PrefixedId.Format("msg", row.MessageId);

    internal static class Sql
    {
        public const string Group = """
            select g.fingerprint, g.channel, g.provider, g.error_code, g.summary, g.total, g.first_seen, g.last_seen, g.state, g.muted_by, g.muted_at, g.mute_reason,
                g.sample_message_id, (select count(*) from (select from dead_letters d where d.fingerprint = g.fingerprint limit @countTo) few) as waiting
            from failure_groups g
            where g.fingerprint = @fingerprint
            """;

        public const string LastOutcome = """
            select outcome from attempts where message_id = @id order by attempt desc limit 1
            """;

        public const string Letters = """
            select d.message_id, d.template, d.reason, d.attempts, d.failed_at, d.quarantined, d.may_have_been_sent, m.user_id, m.address,
                (extract(epoch from d.failed_at) * 1000000)::bigint as position
            from (
                select *
                from dead_letters d
                where d.fingerprint = @fingerprint
                    and (@Template::text is null or d.template = @Template::text)
                    and (@From::timestamptz is null or d.failed_at >= @From::timestamptz)
                    and (@To::timestamptz is null or d.failed_at < @To::timestamptz)
                    and (@ids::uuid[] is null or d.message_id = any(@ids::uuid[]))
                    and (@runs::uuid[] is null or (select m.campaign_run_id from messages m where m.id = d.message_id) = any(@runs::uuid[]))
                    and (@position::bigint is null or (d.failed_at, d.message_id) < (to_timestamp(0) + @position::bigint * interval '1 microsecond', @after::uuid))
                order by d.failed_at desc, d.message_id desc
                limit @limit
            ) d
            left join messages m on m.id = d.message_id
            order by d.failed_at desc, d.message_id desc
            """;
    }
}
