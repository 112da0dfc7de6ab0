using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Pages.Messages;
using NotificationServer.Admin.Ui;
using Npgsql;

namespace NotificationServer.Admin.Pages.Failures;

/// What broke: equal failures told once, the latest first.
internal sealed class IndexModel(NpgsqlDataSource db, NotificationServer.Queue.Operations operations, CampaignNames campaigns, TimeProvider clock) : PageModel
{
    public const int CountTo = 10_000;
    private const int PageSize = 25;
    private const int MostOfOneRecipient = 10_000;

    internal sealed record Totals(long Waiting, DateTimeOffset? Latest);

    [BindProperty(SupportsGet = true)] public FailureQuery Query { get; set; } = new();
    /// open, muted or all.
    [BindProperty(SupportsGet = true)] public string? State { get; set; }
    [BindProperty(SupportsGet = true)] public string? Sort { get; set; }
    /// Where the list goes on: what it is ordered by, and the fingerprint.
    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public IReadOnlyList<GroupRow> Rows { get; private set; } = [];
    public string? Next { get; private set; }
    public CampaignNames.Known? Campaign { get; private set; }
    public Totals All { get; private set; } = new(0, null);
    public IReadOnlyList<string> Providers { get; private set; } = [];

    public bool IsFiltered => !Query.IsEmpty || State is not null;

    public string Sentence => All switch
    {
        { Waiting: 0 } => "Nothing that failed waits for a decision.",
        { Latest: { } latest } => $"{Words.Number(All.Waiting, CountTo)} {Words.Plural(All.Waiting, "message", "messages")} failed for good and "
            + $"{Words.Plural(All.Waiting, "waits", "wait")} for a decision; the latest failed {Words.Ago(latest, clock.GetUtcNow())}.",
        _ => "",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        // The recipient's messages are few, and found by their own index.
        var filter = Query.ToFilter(clock.GetUtcNow());
        var ids = filter.Recipient is null ? null
            : await operations.MatchingAsync(new() { Recipient = filter.Recipient }, MostOfOneRecipient, ct);
        Campaign = await campaigns.FindAsync(Query.Campaign, ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        All = await connection.QuerySingleAsync<Totals>(new CommandDefinition(Sql.Totals, new { limit = CountTo + 1 }, cancellationToken: ct));
        Providers = (await connection.QueryAsync<string>(new CommandDefinition(Sql.Providers, cancellationToken: ct))).AsList();
        var (position, after) = ReadCursor();
        var rows = (await connection.QueryAsync<GroupRow>(new CommandDefinition(Query.IsOfLetters ? Sql.GroupsOfLetters : Sql.Groups, new
        {
            filter.Channels, filter.Provider, filter.ErrorCode, filter.Text, filter.Template, filter.From, filter.To, filter.Fingerprint, ids, runs = Campaign?.Runs, Campaign?.Since,
            state = State is "all" ? null : State is "muted" ? "muted" : "open",
            sort = Sort?.TrimStart('-'), direction = Sort is null || Sort.StartsWith('-') ? 1 : -1,
            position, after, countTo = CountTo + 1, trendTo = GroupRow.TrendTo, limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        Rows = rows.Count > PageSize ? rows[..PageSize] : rows;
        Next = rows.Count > PageSize ? $"{Rows[^1].Position}.{Rows[^1].Fingerprint}" : null;
    }

    private (long? Position, string? After) ReadCursor() =>
        Cursor?.Split('.', 2) is [var position, var after] && long.TryParse(position, out var at) ? (at, FailureQuery.Given(after)) : (null, null);

    internal static class Sql
    {
        public const string Totals = """
            select (select count(*) from (select from dead_letters limit @limit) few) as waiting,
                (select failed_at from dead_letters order by failed_at desc, message_id desc limit 1) as latest
            """;

        public const string Providers = """
            select distinct provider from failure_groups where provider is not null order by provider limit 200
            """;

        // Groups are hundreds; what they hold is counted only for those that are shown, and only so far as somebody reads it.
        public const string Groups = """
            select g.*, live.count as waiting, trend.hours as trend
            from (
                select s.*
                from (
                    select f.fingerprint, f.channel, f.provider, f.error_code, f.summary, f.total, f.first_seen, f.last_seen, f.state, f.muted_by, f.mute_reason,
                        @direction::integer * case @sort::text when 'first_seen' then (extract(epoch from f.first_seen) * 1000000)::bigint when 'total' then f.total
                            else (extract(epoch from f.last_seen) * 1000000)::bigint end as position
                    from failure_groups f
                    where (@Channels::text[] is null or f.channel = any(@Channels::text[]))
                        and (@Provider::text is null or f.provider = @Provider::text)
                        and (@ErrorCode::text is null or f.error_code = @ErrorCode::text)
                        and (@Fingerprint::text is null or f.fingerprint = @Fingerprint::text)
                        and (@Text::text is null or position(lower(@Text::text) in lower(f.summary)) > 0 or lower(f.error_code) = lower(@Text::text))
                        and (@state::text is null or f.state = @state::text and exists (select from dead_letters d where d.fingerprint = f.fingerprint))
                ) s
                where @position::bigint is null or (s.position, s.fingerprint) < (@position::bigint, @after::text)
                order by s.position desc, s.fingerprint desc
                limit @limit
            ) g
            cross join lateral (
                select count(*) as count from (select from dead_letters d where d.fingerprint = g.fingerprint limit @countTo) few
            ) live
            cross join lateral (
                select array_agg(coalesce(c.count, 0) order by h) as hours
                from generate_series(0, 23) h
                left join (
                    select 23 - floor(extract(epoch from now() - l.failed_at) / 3600)::integer as hour, count(*)::double precision as count
                    from (
                        select d.failed_at from dead_letters d
                        where d.fingerprint = g.fingerprint and d.failed_at > now() - interval '24 hours'
                        order by d.failed_at desc limit @trendTo
                    ) l
                    group by 1
                ) c on c.hour = h
            ) trend
            order by g.position desc, g.fingerprint desc
            """;

        // What only single messages have is asked of them; whose they are, of the messages of that person, before.
        public const string GroupsOfLetters = """
            select g.fingerprint, g.channel, g.provider, g.error_code, g.summary, g.total, l.first_seen, l.last_seen, g.state, g.muted_by, g.mute_reason,
                l.count as waiting, null::double precision[] as trend, l.position
            from (
                select c.*, @direction::integer * case @sort::text when 'first_seen' then (extract(epoch from c.first_seen) * 1000000)::bigint when 'total' then c.count
                    else (extract(epoch from c.last_seen) * 1000000)::bigint end as position
                from (
                    select d.fingerprint, count(*) as count, min(d.failed_at) as first_seen, max(d.failed_at) as last_seen
                    from dead_letters d
                    where (@ids::uuid[] is null or d.message_id = any(@ids::uuid[]))
                        and (@Channels::text[] is null or d.channel = any(@Channels::text[]))
                        and (@Provider::text is null or d.provider = @Provider::text)
                        and (@ErrorCode::text is null or d.error_code = @ErrorCode::text)
                        and (@Fingerprint::text is null or d.fingerprint = @Fingerprint::text)
                        and (@Template::text is null or d.template = @Template::text)
                        and (@From::timestamptz is null or d.failed_at >= @From::timestamptz)
                        and (@To::timestamptz is null or d.failed_at < @To::timestamptz)
                        and (@Since::timestamptz is null or d.failed_at >= @Since::timestamptz)
                        and (@runs::uuid[] is null or (select m.campaign_run_id from messages m where m.id = d.message_id) = any(@runs::uuid[]))
                    group by d.fingerprint
                ) c
            ) l
            join failure_groups g on g.fingerprint = l.fingerprint
            where (@Text::text is null or position(lower(@Text::text) in lower(g.summary)) > 0 or lower(g.error_code) = lower(@Text::text))
                and (@state::text is null or g.state = @state::text)
                and (@position::bigint is null or (l.position, l.fingerprint) < (@position::bigint, @after::text))
            order by l.position desc, l.fingerprint desc
            limit @limit
            """;
    }
}
