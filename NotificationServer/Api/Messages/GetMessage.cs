using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Api.Messages;

internal static class GetMessage
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/messages/{id}", HandleAsync)
        .RequireScope(Scopes.NotificationsRead)
        .WithName(nameof(GetMessage))
        .WithSummary("One message: where it is, and why");

    private static async Task<Results<Ok<MessageView>, Problem>> HandleAsync(string id, Caller caller, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("msg", id, out var message)) return Problems.NotFound();
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<MessageRow>(
            new CommandDefinition(Sql.Find, new { id = message, client = caller.ClientId }, cancellationToken: ct));
        if (row is null) return Problems.NotFound();
        var engagement = await connection.QueryAsync<EngagementRow>(new CommandDefinition(Sql.Engagement, new { id = message }, cancellationToken: ct));
        return TypedResults.Ok(row.ToView() with { Engagement = [.. engagement.Select(one => one.ToView())] });
    }

    private sealed class EngagementRow
    {
        public required string Type { get; init; }
        public required string ByWhom { get; init; }
        public required DateTimeOffset At { get; init; }
        public required DateTimeOffset LastAt { get; init; }
        public required int Count { get; init; }
        public string? Url { get; init; }
        public required string[] Sources { get; init; }

        public EngagementView ToView() => new(Type, ByWhom, At, LastAt, Count, Url, Sources);
    }

    internal static class Sql
    {
        // Two sources that saw the same are one thing that happened: the one that saw more says how often.
        public const string Engagement = """
            select kind as type, by_whom, min(first_at) as at, max(last_at) as last_at, max(count) as count, nullif(min(url), '') as url,
                array_agg(distinct source order by source) as sources
            from engagements
            where message_id = @id
            group by kind, by_whom, url_key
            order by at, type, by_whom, url
            limit 200
            """;

        public const string Find = """
            select id, notification_id, user_id, device_id, channel, delivery_status, reason, attempts, provider, provider_message_id,
                error_code, error_detail, created_at, send_at, expires_at, sent_at, next_attempt_at,
                m.consent_id, m.route_rule, (select campaign_id from campaign_runs r where r.id = message_states.campaign_run_id) as campaign_id
            from message_states
            -- The view is older than these columns.
            cross join lateral (select consent_id, route_rule from messages where id = @id) m
            where id = @id and client_id = @client
            """;
    }
}
