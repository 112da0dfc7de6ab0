using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using NotificationServer.Templates;
using Npgsql;

namespace NotificationServer.Api.Notifications;

internal static class GetNotification
{
    public sealed record Response(
        string Id, string Status, string? EventId, string? Category, string? Template, int? TemplateVersion, DateTimeOffset AcceptedAt,
        DateTimeOffset? SendAt, DateTimeOffset? ExpiresAt, int Recipients, IReadOnlyDictionary<string, int> Messages, JsonElement? Metadata,
        NotificationLinks Links);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/notifications/{id}", HandleAsync)
        .RequireScope(Scopes.NotificationsRead)
        .WithName(nameof(GetNotification))
        .WithSummary("One notification, with its messages counted by status");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(string id, Caller caller, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("ntf", id, out var notification)) return Problems.NotFound();
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Sql.Find, new { id = notification, client = caller.ClientId }, cancellationToken: ct));
        if (row is null) return Problems.NotFound();
        var range = IdRange.SiblingsOf(notification);
        var counts = await connection.QueryAsync<(string Status, int Count)>(
            new CommandDefinition(Sql.CountByStatus, new { id = notification, range.From, range.Below }, cancellationToken: ct));
        return TypedResults.Ok(row.ToResponse(counts.ToDictionary(count => count.Status, count => count.Count)));
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public string? EventId { get; init; }
        public string? Category { get; init; }
        public string? Template { get; init; }
        public int? TemplateVersion { get; init; }
        public required string Payload { get; init; }
        public DateTimeOffset AcceptedAt { get; init; }
        public DateTimeOffset? SendAt { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public required int Recipients { get; init; }

        public Response ToResponse(IReadOnlyDictionary<string, int> counts)
        {
            var id = PrefixedId.Format("ntf", Id);
            return new Response(id, "accepted", EventId, Category, Template, TemplateVersion, AcceptedAt, SendAt, ExpiresAt, Recipients, counts,
                NotificationPayload.FromJson(Payload).Metadata, NotificationLinks.Of(id));
        }
    }

    internal static class Sql
    {
        public const string Find = """
            select id, event_id, category, template, template_version, payload::text as payload, accepted_at, send_at, expires_at, recipients
            from notifications
            where id = @id and client_id = @client
            """;

        public const string CountByStatus = """
            select delivery_status, count(*)::integer
            from message_states
            where notification_id = @id and id >= @from and id < @below
            group by delivery_status
            """;
    }
}
