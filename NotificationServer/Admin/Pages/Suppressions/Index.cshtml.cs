using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Pages.Users;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using Npgsql;

namespace NotificationServer.Admin.Pages.Suppressions;

/// Which addresses must not be written to, and how each of them came to be here.
internal sealed class IndexModel(NpgsqlDataSource db, SuppressionStore suppressions) : PageModel
{
    public const int PageSize = 50;
    public const int CountTo = 10_000;
    /// So many of the newest are looked through for a channel or a reason.
    public const int LookThrough = 20_000;

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Channel { get; set; }
    [BindProperty(SupportsGet = true)] public string? Why { get; set; }
    [BindProperty(SupportsGet = true)] public long? Before { get; set; }

    public IReadOnlyList<Suppression> Rows { get; private set; } = [];
    public bool HasMore { get; private set; }
    public long Count { get; private set; }
    public long? Next { get; private set; }
    public bool IsFiltered => Channel is not null || Why is not null;

    public string Sentence => Count == 0 ? "No address is suppressed."
        : $"{Words.Number(Count, CountTo)} {Words.Plural(Count, "address is", "addresses are")} suppressed, for everything or for some kinds of message, whoever they belong to.";

    public async Task OnGetAsync(CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        Channel = Channel is not null && SuppressedAddress.IsChannel(Channel) ? Channel : null;
        Why = SuppressionWords.Reasons.Contains(Why) ? Why : null;
        await using var connection = await db.OpenConnectionAsync(ct);
        Count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql.Count, new { limit = CountTo + 1 }, cancellationToken: ct));
        var filter = new { channel = Channel, reason = Why };
        var rows = (await connection.QueryAsync<Suppression>(Q is { } text
            ? new CommandDefinition(Sql.Find, Searched(text, filter.channel, filter.reason), cancellationToken: ct)
            : new CommandDefinition(Sql.List, new { before = Before, scan = IsFiltered ? LookThrough : PageSize + 1, filter.channel, filter.reason, limit = PageSize + 1 }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? rows[..PageSize] : rows;
        if (Q is not null) return;
        if (HasMore) Next = Rows[^1].Id;
        else if (IsFiltered) Next = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Sql.LastSeen, new { before = Before, scan = LookThrough - 1 }, cancellationToken: ct));
    }

    private object Searched(string text, string? channel, string? reason)
    {
        var (mail, phone) = (text.ToLowerInvariant(), Prefix.Phone(text));
        return new
        {
            mail, end = Prefix.EndOf(mail, whole: !Personal.IsWholeFor(User)), channel, reason, limit = PageSize + 1,
            // As it may be stored: a number without the spaces, and what is left of an address that was forgotten.
            forms = suppressions.FormsOf(text).Concat(suppressions.FormsOf(phone.Length > 0 ? phone : text)).Distinct().ToArray(),
        };
    }

    internal static class Sql
    {
        public const string Find = """
            with found (id) as (
                (select id from suppressions where lower(address) ~>=~ @mail and lower(address) ~<~ @end order by lower(address) using ~<~ limit @limit)
                union (select id from suppressions where address = any(@forms::text[]) limit @limit)
            )
            select s.id, s.address, s.channel, s.category, s.reason, s.created_by, s.created_at, s.expires_at
            from found f
            join suppressions s on s.id = f.id
            where (s.expires_at is null or s.expires_at > now()) and (@channel::text is null or s.channel = @channel) and (@reason::text is null or s.reason = @reason)
            order by s.address, s.channel, s.category
            limit @limit
            """;

        public const string List = """
            with newest as materialized (
                select id, address, channel, category, reason, created_by, created_at, expires_at
                from suppressions
                where id < coalesce(@before::bigint, 9223372036854775807) and (expires_at is null or expires_at > now())
                order by id desc
                limit @scan
            )
            select * from newest
            where (@channel::text is null or channel = @channel) and (@reason::text is null or reason = @reason)
            order by id desc
            limit @limit
            """;

        public const string LastSeen = """
            select id
            from suppressions
            where id < coalesce(@before::bigint, 9223372036854775807) and (expires_at is null or expires_at > now())
            order by id desc
            offset @scan limit 1
            """;

        public const string Count = "select count(*) from (select from suppressions where expires_at is null or expires_at > now() limit @limit) counted";
    }
}
