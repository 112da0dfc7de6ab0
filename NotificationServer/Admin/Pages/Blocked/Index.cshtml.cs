using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Users;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Admin.Pages.Blocked;

/// Who must not be written to, why, and who said so.
[Writers(Policies.Marketing)]
internal sealed class IndexModel(NpgsqlDataSource db, BlockStore blocks, Undoing undoing) : PageModel
{
    public const int PageSize = 50;
    public const int CountTo = 10_000;
    private const int MaxReason = 500;
    private const string Lifted = "lifted blocks";

    private sealed record Was(string[] Users, string Reason, DateTimeOffset? Until);

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? After { get; set; }
    [BindProperty] public string[] Chosen { get; set; } = [];
    [BindProperty] public string? Reason { get; set; }

    public IReadOnlyList<BlockedPerson> Rows { get; private set; } = [];
    public bool HasMore { get; private set; }
    public long Count { get; private set; }
    public bool CanWrite => Personal.IsWholeFor(User);

    public string Sentence => Count == 0 ? "Nobody is blocked."
        : $"{Words.Number(Count, CountTo)} {Words.Plural(Count, "person is", "people are")} blocked: nothing is sent to them, by no channel.";

    public string Next => $"{Rows[^1].CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}.{Rows[^1].UserId}";

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    /// First it is said whom it is about, then it is done.
    public async Task<IActionResult> OnPostAsync(bool sure, CancellationToken ct)
    {
        Chosen = [.. Chosen.Where(id => RecipientId.IsValid(id)).Distinct(StringComparer.Ordinal).Take(PageSize)];
        if (Chosen.Length == 0)
        {
            this.Say("Select somebody first.", "warn");
            return Redirect(Here.With(Request));
        }
        if (sure && !OneLine.Is(Reason, MaxReason)) ModelState.AddModelError(nameof(Reason), "Say why, on one line.");
        if (!sure || !ModelState.IsValid)
        {
            await ReadAsync(ct);
            return Page();
        }
        var before = await blocks.FindManyAsync(Chosen, ct);
        var lifted = await blocks.DeleteManyAsync(Chosen, Authors.Of(User.Identity?.Name), Reason!.Trim(), ct); // it fits
        this.SayUndoably($"{Words.Number(lifted)} {Words.Plural(lifted, "block is", "blocks are")} lifted: the next messages go out.", Url.Page("/Blocked/Index", "Undo")!, // our own page
            undoing.Seal(Lifted, before.GroupBy(one => (one.Reason, one.Until), (group, all) => new Was([.. all.Select(one => one.UserId)], group.Reason, group.Until)).ToArray()));
        return RedirectToPage("/Blocked/Index", new { q = Q });
    }

    /// Blocked again, for the reasons of before. Whoever was blocked anew meanwhile keeps that.
    public async Task<IActionResult> OnPostUndoAsync(string? was, CancellationToken ct)
    {
        if (undoing.Open<Was[]>(Lifted, was) is not { } before) this.SayNotUndone();
        else
        {
            var count = 0;
            foreach (var one in before) count += await blocks.PutManyAsync(one.Users, one.Reason, one.Until, Authors.Of(User.Identity?.Name), ct);
            this.Say($"{Words.Number(count)} {Words.Plural(count, "person is", "people are")} blocked again.");
        }
        return RedirectToPage("/Blocked/Index");
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        await using var connection = await db.OpenConnectionAsync(ct);
        Count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql.Count, new { limit = CountTo + 1 }, cancellationToken: ct));
        var (at, id) = Parse(After);
        var rows = (await connection.QueryAsync<BlockedPerson>(Q is null
            ? new CommandDefinition(Sql.List, new { at, id, limit = PageSize + 1 }, cancellationToken: ct)
            : new CommandDefinition(Sql.Find, new { text = Q, end = Prefix.EndOf(Q), phone = Prefix.Phone(Q), limit = PageSize + 1 }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? rows[..PageSize] : rows;
    }

    private static (DateTimeOffset? At, string Id) Parse(string? cursor) =>
        cursor?.Split('.', 2) is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.UtcTicks ? (new DateTimeOffset(at, TimeSpan.Zero), id) : (null, "");

    internal static class Sql
    {
        public const string List = """
            select user_id, reason, until, created_by, created_at
            from blocks
            where (created_at, user_id) < (coalesce(@at::timestamptz, 'infinity'), @id) and (until is null or until > now())
            order by created_at desc, user_id desc
            limit @limit
            """;

        public const string Find = """
            with found (id) as (
                (select user_id from blocks where user_id ~>=~ @text and user_id ~<~ @end order by user_id using ~<~ limit @limit)
                union (select id from users where lower(email) = lower(@text) limit @limit)
                union (select id from users where phone = @phone limit @limit)
            )
            select b.user_id, b.reason, b.until, b.created_by, b.created_at
            from found f
            join blocks b on b.user_id = f.id
            where b.until is null or b.until > now()
            order by b.user_id <> @text, b.user_id
            limit @limit
            """;

        public const string Count = "select count(*) from (select from blocks where until is null or until > now() limit @limit) counted";
    }
}
