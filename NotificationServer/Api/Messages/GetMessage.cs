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
        return row is null ? Problems.NotFound() : TypedResults.Ok(row.ToView());
    }

    internal static class Sql
    {
        public const string Find = """
            select id, notification_id, user_id, device_id, channel, delivery_status, reason, attempts, provider, provider_message_id,
                error_code, error_detail, created_at, send_at, expires_at, sent_at, next_attempt_at,
                m.consent_id, m.route_rule
            from message_states
            -- The view is older than these columns.
            cross join lateral (select consent_id, route_rule from messages where id = @id) m
            where id = @id and client_id = @client
            """;
    }
}
