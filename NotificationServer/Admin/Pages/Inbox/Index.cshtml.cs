using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using NotificationServer.Admin.Ui;
using NotificationServer.Channels;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Pages.Inbox;

/// What people would have seen: the list on the left, one message on the right; on a small screen they are two pages. Where it shows no words,
/// the list leads to the pages of the messages.
internal sealed class IndexModel(NpgsqlDataSource db, TimeProvider clock, IHostEnvironment environment) : PageModel
{
    public const int PageSize = 50;
    public const int CountTo = 1_000;

    internal sealed record Row(
        Guid Id, Guid MessageId, string Channel, string Address, string? UserId, string? Heading, string? Snippet, DateTimeOffset ReceivedAt);

    internal sealed record Total(long Count, DateTimeOffset? Newest);

    [BindProperty(SupportsGet = true)] public Guid? Id { get; set; }
    [BindProperty(SupportsGet = true)] public string? Channel { get; set; }
    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public Guid? Before { get; set; }
    [BindProperty(SupportsGet = true)] public string? Tab { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];
    public bool HasOlder { get; private set; }
    public Total All { get; private set; } = new(0, null);
    public InboxMessage? Message { get; private set; }
    /// While no message is chosen: the newest push, SMS and mail of the list, side by side.
    public IReadOnlyList<InboxMessage> Latest { get; private set; } = [];

    public bool ShowsWords => InboxDoor.ShowsWords(environment);

    public bool IsFiltered => Channel is not null || Q is not null;

    public string Sentence => All switch
    {
        { Count: 0 } => "Nothing has been sent yet. What people would have seen appears here.",
        { Newest: { } newest } => $"{Words.Number(All.Count, CountTo)} {Words.Plural(All.Count, "message", "messages")} went here instead of to people; "
            + $"the newest came {Words.Ago(newest, clock.GetUtcNow())}.",
        _ => "",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!InboxDoor.MayLook(environment, User)) return new ForbidResult(IdentityConstants.ApplicationScheme);
        await using var connection = await db.OpenConnectionAsync(ct);
        if (Id is { } id)
        {
            if (!ShowsWords)
                return await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(Sql.MessageOf, new { id }, cancellationToken: ct)) is { } message
                    ? RedirectToPage("/Messages/Message", new { id = PrefixedId.Format("msg", message) }) : NotFound();
            Message = await connection.QuerySingleOrDefaultAsync<InboxMessage>(
                new CommandDefinition(InboxMessage.Sql.One, new { id }, cancellationToken: ct));
            if (Message is null) return NotFound();
        }

        await ReadListAsync(connection, ct);
        if (Message is null && Before is null && ShowsWords)
            Latest = (await connection.QueryAsync<InboxMessage>(
                new CommandDefinition(InboxMessage.Sql.LatestOfEachKind, new { channels = Channels, search = Pattern(Q) }, cancellationToken: ct))).AsList();
        return Page();
    }

    /// The list alone, for the script that keeps an open page fresh; nothing at all while nothing has changed.
    public async Task<IActionResult> OnGetListAsync(Guid? newest, CancellationToken ct)
    {
        if (!InboxDoor.MayLook(environment, User)) return new ForbidResult(IdentityConstants.ApplicationScheme);
        await using var connection = await db.OpenConnectionAsync(ct);
        await ReadListAsync(connection, ct);
        return Rows.Count == 0 || Rows[0].Id == newest ? new NoContentResult() : Partial("_List", this);
    }

    /// Where a row leads.
    public string? LinkTo(Row row) => ShowsWords
        ? Link(row.Id, Channel, Q, Before) : Url.Page("/Messages/Message", new { id = PrefixedId.Format("msg", row.MessageId) });

    /// As much of an address as this person may see.
    public string Shown(string address) => ShowsWords ? address : Personal.Text(User, address);

    /// The address of a view: what is not given is left out, so that equal views have equal addresses.
    public string Link(Guid? id = null, string? channel = null, string? q = null, Guid? before = null, string? tab = null, string? handler = null) =>
        QueryHelpers.AddQueryString($"{Request.PathBase}/admin/inbox{(id is null ? "" : $"/{id}")}", new Dictionary<string, string?>
        {
            ["channel"] = channel, ["q"] = q, ["before"] = before?.ToString(), ["tab"] = tab, ["handler"] = handler,
        }.Where(value => value.Value is not null));

    private async Task ReadListAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.List, new
        {
            // Who sees addresses masked finds one that they know whole, and cannot feel their way along one that they do not.
            before = Before, channels = Channels, search = Pattern(Q), exact = ShowsWords || Personal.IsWholeFor(User) ? null : Q, words = ShowsWords,
            limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        HasOlder = rows.Count > PageSize;
        Rows = HasOlder ? rows[..PageSize] : rows;
        All = await connection.QuerySingleAsync<Total>(new CommandDefinition(Sql.Total, new { limit = CountTo + 1 }, cancellationToken: ct));
    }

    private string[]? Channels => Channel is null ? null : ChannelNames.Expand(Channel).Select(c => c.Name()).ToArray();

    private static string? Pattern(string? search) =>
        search is null ? null : $"%{search.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    internal static class Sql
    {
        // Ids are UUIDv7: their order is the order of arrival, and the primary key is the cursor.
        public const string List = """
            select i.id, i.message_id, i.channel, i.address, m.user_id, case when @words then coalesce(i.subject, i.title) end as heading,
                   case when @words then left(coalesce(i.text, ''), 160) end as snippet, i.received_at
            from inbox i
            left join messages m on m.id = i.message_id
            where (@before::uuid is null or i.id < @before::uuid)
              and (@channels::text[] is null or i.channel = any (@channels::text[]))
              and (@search::text is null or m.user_id ilike @search::text
                   or case when @exact::text is null then i.address ilike @search::text else lower(i.address) = lower(@exact::text) end)
            order by i.id desc
            limit @limit
            """;

        public const string MessageOf = "select message_id from inbox where id = @id";

        public const string Total = """
            select count(*), (select received_at from inbox order by id desc limit 1) as newest
            from (select from inbox limit @limit) counted
            """;
    }
}
