using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Ui;
using Npgsql;

namespace NotificationServer.Admin.Pages.Users;

/// Whom we write to: found by what somebody has in hand, else the newest first.
internal sealed class IndexModel(NpgsqlDataSource db) : PageModel
{
    public const int PageSize = 50;
    public const int CountTo = 10_000;
    /// So many of the newest are looked through for a country, a language or a tag; nothing that grows is searched as a whole.
    public const int LookThrough = 20_000;

    internal sealed record Row
    {
        public required string Id { get; init; }
        public string? Email { get; init; }
        public string? Phone { get; init; }
        public string? Locale { get; init; }
        public string? Country { get; init; }
        public required string[] Tags { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required DateTimeOffset UpdatedAt { get; init; }
        public required int Devices { get; init; }
        public required bool Blocked { get; init; }
    }

    private sealed class Place
    {
        public required string Id { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
    }

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Country { get; set; }
    [BindProperty(SupportsGet = true)] public string? Locale { get; set; }
    [BindProperty(SupportsGet = true)] public string? Tag { get; set; }
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];
    public bool HasMore { get; private set; }
    /// Where the next look goes on.
    public string? Next { get; private set; }
    public long Count { get; private set; }

    public bool IsFiltered => Country is not null || Locale is not null || Tag is not null;

    public string Sentence => (Q, Count) switch
    {
        (_, 0) => "Nobody is known here yet.",
        (not null, _) when HasMore => $"More people fit than these {PageSize}: write more of it.",
        (not null, _) => $"{Words.Number(Rows.Count)} {Words.Plural(Rows.Count, "person fits", "people fit")}.",
        _ => $"{Words.Number(Count, CountTo)} {Words.Plural(Count, "person is", "people are")} known here{(IsFiltered ? "" : "; the newest come first")}.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        (Q, Country, Locale, Tag) = (Given(Q), Given(Country)?.ToUpperInvariant(), Given(Locale), Given(Tag));
        await using var connection = await db.OpenConnectionAsync(ct);
        Count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql.Count, new { limit = CountTo + 1 }, cancellationToken: ct));
        if (Q is not null) await FindAsync(connection, Q, ct);
        else await ListAsync(connection, ct);
    }

    private async Task FindAsync(NpgsqlConnection connection, string text, CancellationToken ct)
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.Find, new
        {
            text, end = Prefix.EndOf(text), mail = text.ToLowerInvariant(), mailEnd = Prefix.EndOf(text.ToLowerInvariant(), whole: !Personal.IsWholeFor(User)), phone = Prefix.Phone(text), limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? rows[..PageSize] : rows;
    }

    private async Task ListAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (at, id) = Parse(After);
        var scan = IsFiltered ? LookThrough : PageSize + 1;
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            Sql.List, new { at, id, scan, country = Country, locale = Locale, tag = Tag, limit = PageSize + 1 }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? rows[..PageSize] : rows;
        if (HasMore) Next = Format(Rows[^1].CreatedAt, Rows[^1].Id);
        else if (IsFiltered && await connection.QuerySingleOrDefaultAsync<Place>(
            new CommandDefinition(Sql.LastSeen, new { at, id, scan = scan - 1 }, cancellationToken: ct)) is { } last) Next = Format(last.CreatedAt, last.Id);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Format(DateTimeOffset at, string id) => $"{at.UtcTicks.ToString(CultureInfo.InvariantCulture)}.{id}";

    private static (DateTimeOffset? At, string Id) Parse(string? cursor) =>
        cursor?.Split('.', 2) is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.UtcTicks ? (new DateTimeOffset(at, TimeSpan.Zero), id) : (null, "");

    internal static class Sql
    {
        // Each way has its index, and ends after a page of matches.
        public const string Find = """
            with found (id) as (
                (select id from users where id ~>=~ @text and id ~<~ @end order by id using ~<~ limit @limit)
                union (select id from users where lower(email) ~>=~ @mail and lower(email) ~<~ @mailEnd order by lower(email) using ~<~ limit @limit)
                union (select id from users where phone = @phone limit @limit)
                union (select user_id from devices where id = @text limit @limit)
                union (select user_id from devices where install_id = @text limit @limit)
            )
            select u.id, u.email, u.phone, u.locale, u.country, u.tags, u.created_at, u.updated_at,
                (select count(*) from devices d where d.user_id = u.id and d.retired_at is null)::integer as devices,
                exists (select from blocks b where b.user_id = u.id and (b.until is null or b.until > now())) as blocked
            from found f
            join users u on u.id = f.id
            order by u.id <> @text, u.id
            limit @limit
            """;

        public const string List = """
            with newest as materialized (
                select id, email, phone, locale, country, tags, created_at, updated_at
                from users
                where (created_at, id) < (coalesce(@at::timestamptz, 'infinity'), @id)
                order by created_at desc, id desc
                limit @scan
            ), page as (
                select *
                from newest
                where (@country::text is null or country = @country) and (@tag::text is null or tags @> array[@tag::text])
                    and (@locale::text is null or locale = @locale or split_part(locale, '-', 1) = @locale)
                order by created_at desc, id desc
                limit @limit
            )
            select p.*,
                (select count(*) from devices d where d.user_id = p.id and d.retired_at is null)::integer as devices,
                exists (select from blocks b where b.user_id = p.id and (b.until is null or b.until > now())) as blocked
            from page p
            order by created_at desc, id desc
            """;

        public const string LastSeen = """
            select created_at, id
            from users
            where (created_at, id) < (coalesce(@at::timestamptz, 'infinity'), @id)
            order by created_at desc, id desc
            offset @scan limit 1
            """;

        public const string Count = "select count(*) from (select from users limit @limit) counted";
    }
}
