using System.ComponentModel;
using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;

namespace NotificationServer.Api.Statistics;

internal static class GetStatistics
{
    private const int MostRows = 10_000;
    private const int MostDays = 800;
    private static readonly string[] Groups = ["day", "template", "template_version", "channel", "provider"];

    public sealed record Query
    {
        [FromQuery(Name = "from"), Description("A day, 2026-11-01; absent: 30 days before the last")]
        public string? From { get; init; }

        [FromQuery(Name = "to"), Description("The last day, itself included; absent: today, in UTC")]
        public string? To { get; init; }

        [FromQuery(Name = "template")]
        public string? Template { get; init; }

        [FromQuery(Name = "channel")]
        public string? Channel { get; init; }

        [FromQuery(Name = "provider"), Description("An account's key")]
        public string? Provider { get; init; }

        [FromQuery(Name = "group_by"), Description("Any of day, template, template_version, channel, provider, with commas between; absent: template")]
        public string? GroupBy { get; init; }
    }

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/stats", HandleAsync)
        .RequireScope(Scopes.NotificationsRead)
        .WithName(nameof(GetStatistics))
        .WithMetadata(ReadsFar.Instance)
        .WithSummary("How messages did, by template, channel, provider and day")
        .WithDescription("From counters that are kept in the transaction of what they count: exact at every moment, and never a scan. Messages of test keys are not counted.");

    private static async Task<Results<Ok<StatisticsView>, Problem>> HandleAsync(
        [AsParameters] Query query, Caller caller, ReportsDatabase db, TimeProvider clock, CancellationToken ct)
    {
        if (Day(query.To, "to", DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), out var to) is { } badTo) return badTo;
        if (Day(query.From, "from", to.AddDays(-30), out var from) is { } badFrom) return badFrom;
        if (from > to || to.DayNumber - from.DayNumber >= MostDays)
            return Problems.InvalidParameter("query:from", "out_of_range", $"from is at or before to, and at most {MostDays} days are summed up at once");
        var groups = (query.GroupBy ?? "template").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray();
        if (groups.Except(Groups).Any())
            return Problems.InvalidParameter("query:group_by", "unknown_group", $"group_by is any of {string.Join(", ", Groups)}");

        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<StatisticsRow>(new CommandDefinition(Sql.Sum, new
        {
            client = caller.ClientId, from, to, query.Template, query.Channel, query.Provider, groups, most = MostRows + 1,
        }, cancellationToken: ct))).AsList();
        if (rows.Count > MostRows)
            return Problems.InvalidParameter("query:group_by", "too_many_rows", $"That would be more than {MostRows} rows: ask for fewer days or groups");
        return TypedResults.Ok(new StatisticsView(Text(from), Text(to), groups, rows, Total(rows)));
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Problem? Day(string? text, string name, DateOnly absent, out DateOnly day)
    {
        day = absent;
        return text is null || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 2000 and < 2200)
            ? null : Problems.InvalidParameter($"query:{name}", "invalid_day", "Days have the form 2026-11-01");
    }

    private static StatisticsRow Total(List<StatisticsRow> rows) => new()
    {
        Accepted = rows.Sum(row => row.Accepted), Waiting = rows.Sum(row => row.Waiting), Sent = rows.Sum(row => row.Sent),
        Unconfirmed = rows.Sum(row => row.Unconfirmed), Delivered = rows.Sum(row => row.Delivered), Bounced = rows.Sum(row => row.Bounced),
        Failed = rows.Sum(row => row.Failed), Suppressed = rows.Sum(row => row.Suppressed), Expired = rows.Sum(row => row.Expired),
        Cancelled = rows.Sum(row => row.Cancelled),
        OpenedHuman = rows.Sum(row => row.OpenedHuman), OpenedMachine = rows.Sum(row => row.OpenedMachine), OpenedUnknown = rows.Sum(row => row.OpenedUnknown),
        ClickedHuman = rows.Sum(row => row.ClickedHuman), ClickedMachine = rows.Sum(row => row.ClickedMachine), ClickedUnknown = rows.Sum(row => row.ClickedUnknown),
        Replied = rows.Sum(row => row.Replied), Unsubscribed = rows.Sum(row => row.Unsubscribed), Complained = rows.Sum(row => row.Complained),
    };

    internal static class Sql
    {
        // What is folded, and what is not yet: together they are this moment.
        public const string Sum = """
            with said as (
                select day, template, template_version, channel, provider, metric, count
                from message_stats
                where day between @from::date and @to::date and client_id = @client
                union all
                select (d.bucket at time zone 'UTC')::date, d.template, d.template_version, d.channel, d.provider, m.metric, m.count
                from message_count_deltas d
                cross join lateral (values
                    ('accepted', d.accepted), ('sent', d.sent), (case d.status when 'queued' then 'waiting' when 'sent' then 'unconfirmed' else d.status end, d.count))
                    as m(metric, count)
                where d.client_id = @client and (d.bucket at time zone 'UTC')::date between @from::date and @to::date
                union all
                select day, template, template_version, channel, provider, metric, count
                from message_stat_deltas
                where day between @from::date and @to::date and client_id = @client
            )
            select
                case when 'day' = any(@groups::text[]) then to_char(day, 'YYYY-MM-DD') end as day,
                case when 'template' = any(@groups::text[]) then template end as template,
                case when 'template_version' = any(@groups::text[]) then template_version end as template_version,
                case when 'channel' = any(@groups::text[]) then channel end as channel,
                case when 'provider' = any(@groups::text[]) then provider end as provider,
                coalesce(sum(count) filter (where metric = 'accepted'), 0)::bigint as accepted,
                coalesce(sum(count) filter (where metric = 'waiting'), 0)::bigint as waiting,
                coalesce(sum(count) filter (where metric = 'sent'), 0)::bigint as sent,
                coalesce(sum(count) filter (where metric = 'unconfirmed'), 0)::bigint as unconfirmed,
                coalesce(sum(count) filter (where metric = 'delivered'), 0)::bigint as delivered,
                coalesce(sum(count) filter (where metric = 'bounced'), 0)::bigint as bounced,
                coalesce(sum(count) filter (where metric = 'failed'), 0)::bigint as failed,
                coalesce(sum(count) filter (where metric = 'suppressed'), 0)::bigint as suppressed,
                coalesce(sum(count) filter (where metric = 'expired'), 0)::bigint as expired,
                coalesce(sum(count) filter (where metric = 'cancelled'), 0)::bigint as cancelled,
                coalesce(sum(count) filter (where metric = 'opened_human'), 0)::bigint as opened_human,
                coalesce(sum(count) filter (where metric = 'opened_machine'), 0)::bigint as opened_machine,
                coalesce(sum(count) filter (where metric = 'opened_unknown'), 0)::bigint as opened_unknown,
                coalesce(sum(count) filter (where metric = 'clicked_human'), 0)::bigint as clicked_human,
                coalesce(sum(count) filter (where metric = 'clicked_machine'), 0)::bigint as clicked_machine,
                coalesce(sum(count) filter (where metric = 'clicked_unknown'), 0)::bigint as clicked_unknown,
                coalesce(sum(count) filter (where metric = 'replied'), 0)::bigint as replied,
                coalesce(sum(count) filter (where metric = 'unsubscribed'), 0)::bigint as unsubscribed,
                coalesce(sum(count) filter (where metric = 'complained'), 0)::bigint as complained
            from said
            where (@Template::text is null or template = @Template::text) and (@Channel::text is null or channel = @Channel::text)
                and (@Provider::text is null or provider = @Provider::text)
            group by 1, 2, 3, 4, 5
            having bool_or(count <> 0)
            order by 1, 2, 3, 4, 5
            limit @most
            """;
    }
}
