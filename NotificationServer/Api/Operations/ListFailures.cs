using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Channels;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Api.Operations;

internal static class ListFailures
{
    private const string List = "failures";

    /// Failures that are the same but for names, numbers and ids. `count` are the dead letters that wait for a decision
    /// (100,001: more than 100,000), `total` is how often it ever happened.
    public sealed record Group(
        string Fingerprint, string Channel, string? Provider, string? ErrorCode, string Summary, long Count, long Total,
        DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string SampleMessageId, string State);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/ops/failures", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(ListFailures))
        .WithMetadata(ReadsFar.Instance)
        .WithSummary("What fails, grouped by cause, the latest first")
        .WithDescription("Groups with no dead letter left are shown only with `state=all`.");

    private static async Task<Results<Ok<Page<Group>>, Problem>> HandleAsync(
        [FromQuery(Name = "channel")] string? channel, [FromQuery(Name = "state")] string? state, [AsParameters] PageQuery page,
        Cursors cursors, NpgsqlDataSource db, CancellationToken ct)
    {
        if (page.Read(cursors, List, 2, out var after) is { } problem) return problem;
        if (channel is not null && !ChannelNames.TryParse(channel, out _))
            return Problems.InvalidParameter("query:channel", "unknown_channel", "Use one channel like ios_push, sms or email");
        if (state is not (null or "open" or "muted" or "all"))
            return Problems.InvalidParameter("query:state", "unknown_state", "Use open, muted or all");

        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Groups, new
        {
            channel,
            state = state == "all" ? null : state ?? "open",
            seen = after is null ? (long?)null : long.Parse(after[0], System.Globalization.CultureInfo.InvariantCulture),
            after = after?[1],
            limit = page.Size + 1,
        }, cancellationToken: ct));
        return TypedResults.Ok(Page.Of(rows.AsList(), page.Size, row => row.ToGroup(),
            row => cursors.Seal(List, row.Seen.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Fingerprint)));
    }

    private sealed class Row
    {
        public required string Fingerprint { get; init; }
        public required string Channel { get; init; }
        public string? Provider { get; init; }
        public string? ErrorCode { get; init; }
        public required string Summary { get; init; }
        public required long Count { get; init; }
        public required long Total { get; init; }
        public required DateTimeOffset FirstSeen { get; init; }
        public required DateTimeOffset LastSeen { get; init; }
        public required Guid SampleMessageId { get; init; }
        public required string State { get; init; }
        /// LastSeen in microseconds: the position, without a loss in either direction.
        public required long Seen { get; init; }

        public Group ToGroup() => new(Fingerprint, Channel, Provider, ErrorCode, Summary, Count, Total, FirstSeen, LastSeen,
            PrefixedId.Format("msg", SampleMessageId), State);
    }

    internal static class Sql
    {
        public const string Groups = """
            select g.fingerprint, g.channel, g.provider, g.error_code, g.summary, live.count, g.total, g.first_seen, g.last_seen,
                g.sample_message_id, g.state, (extract(epoch from g.last_seen) * 1000000)::bigint as seen
            from failure_groups g
            cross join lateral (
                select count(*) as count
                from (select from dead_letters d where d.fingerprint = g.fingerprint limit 100001) as few
            ) as live
            where (@channel::text is null or g.channel = @channel)
                and (@state::text is null or g.state = @state and live.count > 0)
                and (@seen::bigint is null
                    or ((extract(epoch from g.last_seen) * 1000000)::bigint, g.fingerprint) < (@seen::bigint, @after::text))
            order by g.last_seen desc, g.fingerprint desc
            limit @limit
            """;
    }
}
