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

namespace NotificationServer.Admin.Pages.Suppressions;

/// One suppressed address: how it came about, whose it is, and what lifting it may bring.
[Writers(Policies.Marketing)]
internal sealed class ItemModel(NpgsqlDataSource db, SuppressionStore suppressions, Undoing undoing) : PageModel
{
    private const int MaxReason = 500;
    private const string Lifted = "lifted suppression";

    [BindProperty(SupportsGet = true)] public required long Id { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public bool Understood { get; set; }

    public Suppression Row { get; private set; } = null!; // every handler sets it or answers 404
    public IReadOnlyList<string> Owners { get; private set; } = [];
    public IReadOnlyList<PersonMessage> Messages { get; private set; } = [];
    public string? Warning => SuppressionWords.Warning(Row.Reason);

    public string Sentence => $"{SuppressionWords.Meaning(Row.Reason)} {(Row.Category.Length == 0 ? $"Nothing is sent there by {Words.Channel(Row.Channel)}" : $"No message of {SuppressionWords.Scope(Row)} is sent there by {Words.Channel(Row.Channel)}")}.";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (!OneLine.Is(Reason, MaxReason)) ModelState.AddModelError(nameof(Reason), "Say why, on one line.");
        if (Warning is not null && !Understood) ModelState.AddModelError(nameof(Understood), "Say that you know what may happen.");
        if (!ModelState.IsValid) return Page();

        var gone = await suppressions.LiftAsync(Id, Authors.Of(User.Identity?.Name), Reason!.Trim(), ct); // it fits
        if (gone is null) this.Say("It was lifted already.", "warn");
        else
            this.SayUndoably($"{Personal.Text(User, SuppressionWords.Shown(gone))} is written to again.", Url.Page("/Suppressions/Item", "Undo", new { id = Id })!, undoing.Seal(Lifted, gone)); // our own page
        return RedirectToPage("/Suppressions/Index", new { id = (long?)null });
    }

    /// Suppressed again, as it was.
    public async Task<IActionResult> OnPostUndoAsync(string? was, CancellationToken ct)
    {
        if (undoing.Open<Suppression>(Lifted, was) is not { } gone) this.SayNotUndone();
        else if (await suppressions.PutBackAsync(gone, Authors.Of(User.Identity?.Name), ct)) this.Say($"{Personal.Text(User, SuppressionWords.Shown(gone))} is suppressed again.");
        else this.Say($"{Personal.Text(User, SuppressionWords.Shown(gone))} was suppressed anew meanwhile, and stays so.");
        return RedirectToPage("/Suppressions/Index", new { id = (long?)null });
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await suppressions.FindAsync(Id, ct) is not { } row) return false;
        Row = row;
        await using var connection = await db.OpenConnectionAsync(ct);
        Owners = (await connection.QueryAsync<string>(new CommandDefinition(Sql.Owners, new { row.Address, row.Channel, limit = 10 }, cancellationToken: ct))).AsList();
        Messages = (await connection.QueryAsync<PersonMessage>(new CommandDefinition(
            Sql.Messages, new { owners = Owners.ToArray(), row.Address, until = row.CreatedAt.AddMinutes(1), limit = 5 }, cancellationToken: ct))).AsList();
        return true;
    }

    internal static class Sql
    {
        public const string Owners = """
            (select id from users where @Channel::text = 'email' and lower(email) = lower(@Address) and email = @Address limit @limit)
            union (select id from users where @Channel::text = 'sms' and phone = @Address limit @limit)
            union (select d.user_id
                from unnest(array['apns', 'fcm', 'jpush', 'pushy', 'webpush']) as p(provider)
                join devices d on d.push_provider = p.provider and md5(d.token) = md5(@Address) and d.token = @Address
                where @Channel::text not in ('email', 'sms') limit @limit)
            order by 1
            """;

        // The last that went there before it was suppressed: one of them is what bounced, or what somebody complained about.
        public const string Messages = """
            select m.id, m.channel, m.delivery_status as status, m.reason, m.created_at, n.template, n.category
            from unnest(@owners::text[]) as o(id)
            cross join lateral (
                select * from message_states where user_id = o.id order by id desc limit 200
            ) m
            left join notifications n on n.id = m.notification_id
            where m.address = @Address and m.created_at <= @until
            order by m.id desc
            limit @limit
            """;
    }
}
