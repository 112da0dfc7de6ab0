using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Api.Inbox;

/// Mapped in Development only: elsewhere there is no such address.
internal static class ListInbox
{
    private const string List = "inbox";

    public sealed record Item(
        string MessageId, string Channel, string To, string? Title, string? Subject, string? Text, string? Html, JsonElement? Payload, DateTimeOffset ReceivedAt);

    private sealed record Row
    {
        public required Guid Id { get; init; }
        public required Guid MessageId { get; init; }
        public required string Channel { get; init; }
        public required string Address { get; init; }
        public string? Title { get; init; }
        public string? Subject { get; init; }
        public string? Text { get; init; }
        public string? Html { get; init; }
        public string? Payload { get; init; }
        public required DateTimeOffset ReceivedAt { get; init; }
    }

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/inbox", HandleAsync)
        .RequireScope(Scopes.NotificationsRead)
        .RequireScope(Scopes.MessagesContent)
        .WithName(nameof(ListInbox))
        .WithSummary("Development only: what people would have seen, newest first");

    private static async Task<Results<Ok<Page<Item>>, Problem>> HandleAsync(
        string? to, string? channel, [AsParameters] PageQuery page, Cursors cursors, NpgsqlDataSource db, CancellationToken ct)
    {
        if (page.Read(cursors, List, 2, out var after) is { } problem)
            return problem;
        if ((to + channel).Contains('\0', StringComparison.Ordinal))
            return Problems.InvalidParameter("query:to", "nul_character", "Contains a NUL character");

        var beforeAt = after is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(after[0], CultureInfo.InvariantCulture);
        var beforeId = after is null ? Guid.AllBitsSet : Guid.Parse(after[1]);
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            Sql.List, new { to, channel, beforeAt, beforeId, limit = page.Size + 1 }, cancellationToken: ct))).AsList();
        return TypedResults.Ok(Page.Of(rows, page.Size, View, last => cursors.Seal(List, last.ReceivedAt.ToString("O", CultureInfo.InvariantCulture), last.Id.ToString())));
    }

    private static Item View(Row row)
    {
        using var payload = row.Payload is null ? null : JsonDocument.Parse(row.Payload);
        return new Item(PrefixedId.Format("msg", row.MessageId), row.Channel, row.Address, row.Title, row.Subject, row.Text, row.Html,
            payload?.RootElement.Clone(), row.ReceivedAt);
    }

    internal static class Sql
    {
        public const string List = """
            select id, message_id, channel, address, title, subject, text, html, payload::text, received_at
            from inbox
            where (received_at, id) < (coalesce(@beforeAt::timestamptz, 'infinity'), @beforeId)
                and (@to::text is null or address = @to) and (@channel::text is null or channel = @channel)
            order by received_at desc, id desc
            limit @limit
            """;
    }
}
