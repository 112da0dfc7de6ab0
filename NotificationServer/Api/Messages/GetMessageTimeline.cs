using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Api.Messages;

internal static class GetMessageTimeline
{
    public sealed record Response(string Id, string DeliveryStatus, IReadOnlyList<Event> Data);

    /// What happened, in order. `accepted`, `scheduled`, `attempt` with its outcome, `sent`, `receipt` with what the provider told, `opened`,
    /// `clicked` and the like with whose it was as our own links tell it (what a click proves included), `waiting`, and the end.
    public sealed record Event(
        string Type, DateTimeOffset At, int? Attempt = null, string? Outcome = null, string? Provider = null, string? ProviderMessageId = null,
        string? ProviderCode = null, string? Detail = null, double? LatencyMs = null, string? Node = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/messages/{id}/timeline", HandleAsync)
        .RequireScope(Scopes.NotificationsRead)
        .WithName(nameof(GetMessageTimeline))
        .WithSummary("Everything that happened to a message, in order");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(string id, Caller caller, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!PrefixedId.TryParse("msg", id, out var message)) return Problems.NotFound();
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Sql.Find, new { id = message, client = caller.ClientId }, cancellationToken: ct));
        if (row is null) return Problems.NotFound();
        var attempts = await connection.QueryAsync<AttemptRow>(new CommandDefinition(Sql.Attempts, new { id = message }, cancellationToken: ct));
        var receipts = await connection.QueryAsync<ReceiptRow>(new CommandDefinition(Sql.Receipts, new { id = message }, cancellationToken: ct));
        var engagement = await connection.QueryAsync<EngagementRow>(new CommandDefinition(Sql.Engagement, new { id = message }, cancellationToken: ct));
        return TypedResults.Ok(new Response(id, row.DeliveryStatus, [.. Story(row, attempts, receipts, engagement)]));
    }

    private static IEnumerable<Event> Story(
        Row row, IEnumerable<AttemptRow> attempts, IEnumerable<ReceiptRow> receipts, IEnumerable<EngagementRow> engagement)
    {
        yield return new Event("accepted", row.CreatedAt);
        if (row.SendAt > row.CreatedAt) yield return new Event("scheduled", row.CreatedAt, Detail: $"For {row.SendAt:u}");
        // What the provider told may be older than its own answer.
        foreach (var one in attempts.Select(Tried).Concat(receipts.Select(Told)).Concat(engagement.Select(Done)).OrderBy(one => one.At)) yield return one;
        if (row.LeasedAt is { } since && row.DeliveryStatus == "sending") yield return new Event("sending", since);
        if (row.NextAttemptAt is { } next && row.DeliveryStatus is "queued" or "scheduled") yield return new Event("waiting", row.UpdatedAt, Detail: $"Until {row.NextAttemptAt:u}");
        if (row.DeliveryStatus is "sent")
            yield return new Event("sent", row.SentAt ?? row.UpdatedAt, Provider: row.Provider, ProviderMessageId: row.ProviderMessageId, Detail: row.Reason);
        else if (row.DeliveryStatus is not ("queued" or "scheduled" or "sending"))
            yield return new Event(row.DeliveryStatus, row.UpdatedAt, Provider: row.SentAt is null ? null : row.Provider,
                ProviderMessageId: row.SentAt is null ? null : row.ProviderMessageId, Detail: row.Reason);
    }

    private static Event Tried(AttemptRow attempt) => new("attempt", attempt.StartedAt, attempt.Attempt, attempt.Outcome, attempt.Provider,
        attempt.ProviderMessageId, attempt.ErrorCode, attempt.Detail, Math.Round((attempt.FinishedAt - attempt.StartedAt).TotalMilliseconds, 1), attempt.Node);

    private static Event Told(ReceiptRow receipt) => new("receipt", receipt.At, Outcome: receipt.Kind, Provider: receipt.Account,
        ProviderMessageId: receipt.ProviderMessageId, ProviderCode: receipt.Code, Detail: receipt.Event);

    private static Event Done(EngagementRow one) => new(one.Kind, one.FirstAt, Outcome: one.ByWhom, Detail: one.Url.Length > 0 ? one.Url : null);

    private sealed class Row
    {
        public required string DeliveryStatus { get; init; }
        public string? Reason { get; init; }
        public string? Provider { get; init; }
        public string? ProviderMessageId { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? SendAt { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public DateTimeOffset? LeasedAt { get; init; }
        public DateTimeOffset? NextAttemptAt { get; init; }
        public required DateTimeOffset UpdatedAt { get; init; }
    }

    private sealed class AttemptRow
    {
        public required int Attempt { get; init; }
        public required string Outcome { get; init; }
        public string? Provider { get; init; }
        public string? ProviderMessageId { get; init; }
        public string? ErrorCode { get; init; }
        public string? Detail { get; init; }
        public required DateTimeOffset StartedAt { get; init; }
        public required DateTimeOffset FinishedAt { get; init; }
        public required string Node { get; init; }
    }

    private sealed class ReceiptRow
    {
        public required string Event { get; init; }
        public required string Kind { get; init; }
        public required string Account { get; init; }
        public string? ProviderMessageId { get; init; }
        public string? Code { get; init; }
        public required DateTimeOffset At { get; init; }
    }

    private sealed class EngagementRow
    {
        public required string Kind { get; init; }
        public required string ByWhom { get; init; }
        public required string Url { get; init; }
        public required DateTimeOffset FirstAt { get; init; }
    }

    internal static class Sql
    {
        public const string Find = """
            select delivery_status, reason, provider, provider_message_id, created_at, send_at, sent_at, leased_at, next_attempt_at, updated_at
            from message_states
            where id = @id and client_id = @client
            """;

        public const string Attempts = """
            select attempt, outcome, provider, provider_message_id, error_code, detail, started_at, finished_at, node
            from attempts
            where message_id = @id
            order by attempt
            """;

        public const string Receipts = """
            select event, kind, account, provider_message_id, code, at
            from receipts
            where message_id = @id
            order by at, received_at
            limit 200
            """;

        // What providers told stands among the receipts.
        public const string Engagement = """
            select kind, by_whom, url, first_at
            from engagements
            where message_id = @id and source in ('own', 'click')
            order by first_at
            limit 200
            """;
    }
}
