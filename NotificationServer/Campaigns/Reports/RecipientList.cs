using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns.Reports;

/// What became of each person of a run, the newest message first. Whatever the filter, only so much is looked at for one page.
internal sealed class RecipientList(ReportsDatabase db, IOptions<ReportOptions> options)
{
    private const int LookedUp = 10; // times the work of what is only looked through

    public async Task<RecipientPage> ReadAsync(CampaignFigures run, RecipientFilter filter, string? cursor, int size, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return filter switch
        {
            { IsOfPeople: true } => await PeopleAsync(connection, run, filter, cursor, size, ct),
            { Person: { } person } => await OfPersonAsync(connection, run, person, filter, ct),
            _ => await MessagesAsync(connection, run, filter, cursor, size, ct),
        };
    }

    private async Task<RecipientPage> MessagesAsync(NpgsqlConnection connection, CampaignFigures run, RecipientFilter filter, string? cursor, int size, CancellationToken ct)
    {
        var from = From(run);
        var below = Guid.TryParseExact(cursor, "N", out var last) ? last : Guid.AllBitsSet;
        // Whoever did something is on a list of their own; whoever did not has to be found among all.
        var (read, lookedUntil) = filter.Did is { IsDone: true } ? (Sql.Engaged, Sql.EngagedUntil) : (Sql.Messages, Sql.LookedUntil);
        var isFiltered = filter is not { Status: null, Channels: null, Locale: null, Did: null or { IsDone: true } };
        var looksAt = !isFiltered ? size + 1 : filter.Did is null ? options.Value.LooksAt : options.Value.LooksAt / LookedUp;
        var rows = (await connection.QueryAsync<RecipientRow>(new CommandDefinition(read, new
        {
            run = run.RunId, from, below, status = filter.Status, channels = filter.Channels?.ToArray(), locale = filter.Locale, kind = filter.Did?.Kind,
            looksAt, limit = size + 1,
        }, cancellationToken: ct))).AsList();
        if (rows.Count > size) return new RecipientPage(rows[..size], $"{rows[size - 1].MessageId:N}", WasCutOff: false);
        if (!isFiltered) return new RecipientPage(rows, null, WasCutOff: false);
        var until = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            lookedUntil, new { run = run.RunId, from, below, kind = filter.Did?.Kind, skip = looksAt - 1 }, cancellationToken: ct));
        return new RecipientPage(rows, until?.ToString("N"), WasCutOff: until is not null);
    }

    private static async Task<RecipientPage> OfPersonAsync(NpgsqlConnection connection, CampaignFigures run, string person, RecipientFilter filter, CancellationToken ct)
    {
        var rows = (await connection.QueryAsync<RecipientRow>(new CommandDefinition(Sql.OfPerson, new
        {
            run = run.RunId, person, from = From(run), status = filter.Status, channels = filter.Channels?.ToArray(), locale = filter.Locale,
            kind = filter.Did?.Kind, done = filter.Did?.IsDone ?? true, rest = run.IsRunning ? RecipientRow.ToCome : RecipientRow.Withdrawn,
        }, cancellationToken: ct))).AsList();
        return new RecipientPage(rows, null, WasCutOff: false);
    }

    /// Whom the run has not come to. While it goes on they are to come, and afterwards withdrawn; never both.
    private async Task<RecipientPage> PeopleAsync(NpgsqlConnection connection, CampaignFigures run, RecipientFilter filter, string? cursor, int size, CancellationToken ct)
    {
        if (run.IsRunning != (filter.Status == RecipientRow.ToCome) || filter.Did is not null || filter.Locale is not null) return new RecipientPage([], null, WasCutOff: false);
        var looksAt = options.Value.LooksAt / LookedUp;
        var rows = (await connection.QueryAsync<RecipientRow>(new CommandDefinition(run.IsRunning ? Sql.ToCome : Sql.Withdrawn, new
        {
            run = run.RunId, from = From(run), after = cursor ?? "", status = filter.Status, person = filter.Person, looksAt, limit = size + 1,
        }, cancellationToken: ct))).AsList();
        if (rows.Count > size) return new RecipientPage(rows[..size], rows[size - 1].UserId, WasCutOff: false);
        if (run.IsRunning) return new RecipientPage(rows, null, WasCutOff: false);
        var until = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            Sql.PeopleUntil, new { run = run.RunId, after = cursor ?? "", skip = looksAt - 1 }, cancellationToken: ct));
        return new RecipientPage(rows, until, WasCutOff: until is not null);
    }

    /// Messages are kept by their days: what is older than the run is not looked at.
    internal static Guid From(CampaignFigures run) => PrefixedId.SmallestAt(run.StartedAt);

    internal static class Sql
    {
        private const string Columns = """
            x.user_id, x.id as message_id, x.channel,
                case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'sending' when j.run_at > now() and j.attempt = 0 then 'scheduled' else 'queued' end as status,
                x.reason, x.provider, x.error_code, x.template, x.template_version, x.created_at, x.sent_at,
                (select string_agg(engagement_metric(e.kind, e.by_whom), ',' order by e.at) from engaged e where e.message_id = x.id) as did
            """;

        // Jobs by their keys, whatever the planner believes of a queue that has just filled.
        private const string WithJobs = """
            left join lateral (select j.id, j.state, j.run_at, j.attempt from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
            order by x.id desc
            """;

        // Of people: a machine's open is nobody's.
        private const string Theirs = "(e.by_whom = 'human' or e.kind not in ('opened', 'clicked'))";

        private const string Fits = """
            (@status::text is null or status = @status::text) and (@channels::text[] is null or channel = any(@channels::text[]))
                    and (@locale::text is null or coalesce(locale, '') = @locale::text)
            """;

        private const string Did = $"exists (select from engaged e where e.message_id = few.id and e.kind = @kind::text and {Theirs})";

        // With a kind: who did not do it, though it was sent to them.
        public const string Messages = "select " + Columns + "\n" + """
            from (
                select *
                from (
                    select * from messages where campaign_run_id = @run and id >= @from and id < @below order by id desc limit @looksAt
                ) few
                where
            """ + " " + Fits + "\n    and (@kind::text is null or status in ('sent', 'delivered') and not " + Did + ")\n" + """
                order by id desc
                limit @limit
            ) x
            """ + "\n" + WithJobs;

        public const string Engaged = "select " + Columns + "\n" + $"""
            from (
                select few.*
                from (
                    select e.message_id from engaged e
                    where e.campaign_run_id = @run and e.kind = @kind::text and {Theirs} and e.message_id >= @from and e.message_id < @below
                    order by e.message_id desc
                    limit @looksAt
                ) did
                cross join lateral (select * from messages where id = did.message_id limit 1) few
                where {Fits}
                order by few.id desc
                limit @limit
            ) x
            """ + "\n" + WithJobs;

        public const string EngagedUntil = $"""
            select e.message_id from engaged e
            where e.campaign_run_id = @run and e.kind = @kind::text and {Theirs} and e.message_id >= @from and e.message_id < @below
            order by e.message_id desc offset @skip limit 1
            """;

        // Null: it looked at all that there are.
        public const string LookedUntil = """
            select id from messages where campaign_run_id = @run and id >= @from and id < @below order by id desc offset @skip limit 1
            """;

        public const string OfPerson = """
            with mine as materialized (
                select * from messages where user_id = @person and id >= @from and campaign_run_id = @run
            ), wanted as (
                select * from mine few
                where
            """ + " " + Fits + "\n    and (@kind::text is null or (@done::boolean or status in ('sent', 'delivered')) and @done::boolean = " + Did + ")\n" + """
            )
            select * from (
            """ + "\nselect " + Columns + "\n" + """
            from wanted x
            left join lateral (select j.id, j.state, j.run_at, j.attempt from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
            ) as told
            union all
            select r.user_id, null, null, @rest::text, null, null, null, null, null, null, null, null
            from campaign_recipients r
            where r.run_id = @run and r.user_id = @person and @status::text is null and @channels::text[] is null
                and @locale::text is null and @kind::text is null and not exists (select from mine)
            order by message_id desc
            """;

        // While it goes on, its parts say exactly whom it has not come to.
        public const string ToCome = """
            select few.user_id, @status::text as status
            from campaign_parts p
            cross join lateral (
                select r.user_id
                from campaign_recipients r
                where r.run_id = @run and r.wave = p.wave and r.user_id > greatest(p.reached, @after) and r.user_id <= p.upto
                    and (@person::text is null or r.user_id = @person::text)
                order by r.user_id
                limit @limit
            ) few
            where p.run_id = @run
            order by few.user_id
            limit @limit
            """;

        public const string Withdrawn = """
            select few.user_id, @status::text as status
            from (
                select r.user_id
                from campaign_recipients r
                where r.run_id = @run and r.user_id > @after and (@person::text is null or r.user_id = @person::text)
                order by r.user_id
                limit @looksAt
            ) few
            where not exists (select from messages m where m.user_id = few.user_id and m.id >= @from and m.campaign_run_id = @run)
            order by few.user_id
            limit @limit
            """;

        public const string PeopleUntil = """
            select user_id from campaign_recipients where run_id = @run and user_id > @after order by user_id offset @skip limit 1
            """;
    }
}
