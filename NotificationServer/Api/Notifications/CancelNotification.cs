using System.ComponentModel;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Api.Notifications;

internal static class CancelNotification
{
    private const int MostUsers = 1000;

    public sealed record Request([property: Description("Only these users; absent: everybody")] string[]? UserIds = null);

    /// Cancelled messages will never be sent; those that are too late were sent, are being sent, or had ended already.
    public sealed record Response(int Cancelled, int TooLate);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/notifications/{id}:cancel", HandleAsync)
        .RequireScope(Scopes.NotificationsWrite)
        .WithName(nameof(CancelNotification))
        .WithSummary("Take back what has not been sent yet; the answer is final")
        .WithRequestExample("""{"user_ids":["u_42"]}""");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string id, Body<Request>? body, Caller caller, NpgsqlDataSource db, Cancellation cancellation, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("ntf", id, out var notification)) return Problems.NotFound();
        var users = body?.Value.UserIds;
        if (users?.Length > MostUsers)
            return Problems.Validation(new FieldError("/user_ids", "too_many", $"At most {MostUsers} at once"));

        await using var connection = await db.OpenConnectionAsync(ct);
        var range = IdRange.SiblingsOf(notification);
        var owned = await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(Sql.Owns, new { id = notification, client = caller.ClientId }, cancellationToken: ct));
        if (!owned) return Problems.NotFound();
        var messages = await connection.QueryAsync<Guid>(new CommandDefinition(
            Sql.Messages, new { id = notification, range.From, range.Below, users }, cancellationToken: ct));
        var result = await cancellation.CancelAsync(messages.AsList(), ct);
        return TypedResults.Ok(new Response(result.Cancelled, result.TooLate));
    }

    internal static class Sql
    {
        public const string Owns = "select exists (select from notifications where id = @id and client_id = @client)";

        public const string Messages = """
            select id
            from messages
            where notification_id = @id and id >= @from and id < @below and status <> 'suppressed'
                and (@users::text[] is null or user_id = any(@users::text[]))
            """;
    }
}
