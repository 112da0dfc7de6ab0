using System.ComponentModel;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Api.Messages;

internal static class ListMessages
{
    private const string List = "messages";

    public sealed record Query
    {
        [FromQuery(Name = "user_id")]
        public string? UserId { get; init; }

        [FromQuery(Name = "notification_id")]
        public string? NotificationId { get; init; }

        [FromQuery(Name = "event_id")]
        public string? EventId { get; init; }

        [FromQuery(Name = "channel")]
        public string? Channel { get; init; }

        [FromQuery(Name = "status"), Description("A delivery_status")]
        public string? Status { get; init; }

        [FromQuery(Name = "provider")]
        public string? Provider { get; init; }

        [FromQuery(Name = "error_code"), Description("The provider's code of the last refusal")]
        public string? ErrorCode { get; init; }

        [FromQuery(Name = "template")]
        public string? Template { get; init; }

        [FromQuery(Name = "campaign_id"), Description("Of whichever of its runs; from its beginning if `from` is absent")]
        public string? CampaignId { get; init; }

        [FromQuery(Name = "from"), Description("Accepted at or after; absent: 30 days ago")]
        public string? From { get; init; }

        [FromQuery(Name = "to"), Description("Accepted before")]
        public string? To { get; init; }
    }

    private static readonly TimeSpan Window = TimeSpan.FromDays(30);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/messages", HandleAsync)
            .RequireScope(Scopes.NotificationsRead)
            .WithName(nameof(ListMessages))
            .WithMetadata(ReadsFar.Instance)
            .WithSummary("Messages, newest first")
            .WithDescription("Ask for a person, a notification, an event or a campaign where you can. Without, a page may have fewer messages than asked for, or none, and still a `next_cursor`: only so many messages are looked through at once.");
        v1.MapGet("/notifications/{id}/messages", OfNotificationAsync)
            .RequireScope(Scopes.NotificationsRead)
            .WithName("ListNotificationMessages")
            .WithSummary("The messages of a notification, newest first");
    }

    private static Task<Results<Ok<Page<MessageView>>, Problem>> OfNotificationAsync(
        string id, [FromQuery(Name = "channel")] string? channel, [FromQuery(Name = "status")] string? status,
        [AsParameters] PageQuery page, Caller caller, Cursors cursors, NpgsqlDataSource db,
        IOptions<ApiOptions> options, TimeProvider clock, CancellationToken ct) =>
        HandleAsync(new Query { NotificationId = id, Channel = channel, Status = status }, page, caller, cursors, db, options, clock, ct);

    private static async Task<Results<Ok<Page<MessageView>>, Problem>> HandleAsync(
        [AsParameters] Query query, [AsParameters] PageQuery page, Caller caller, Cursors cursors, NpgsqlDataSource db,
        IOptions<ApiOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var position) is { } problem) return problem;
        if (Instant(query.From, "from", out var from) is { } badFrom) return badFrom;
        if (Instant(query.To, "to", out var to) is { } badTo) return badTo;

        await using var connection = await db.OpenConnectionAsync(ct);
        if (await NotificationAsync(connection, query, caller, ct) is not { Found: true } wanted) return Problems.NotFound();
        var campaign = Guid.Empty;
        if (query.CampaignId is not null && !PrefixedId.TryParse("cmp", query.CampaignId, out campaign)) return Problems.NotFound();
        var runs = query.CampaignId is null ? null : (await connection.QueryAsync<Run>(new CommandDefinition(Sql.Runs, new { campaign }, cancellationToken: ct))).AsList();
        if (runs is { Count: 0 }) return TypedResults.Ok(Page.Of<MessageRow, MessageView>([], page.Size, row => row.ToView(), _ => ""));
        var oldest = wanted.Id is { } id ? PrefixedId.InstantOf(id) : from ?? runs?.Min(run => run.StartedAt) ?? clock.GetUtcNow() - Window;
        var newest = wanted.Id is { } same ? PrefixedId.InstantOf(same).AddMilliseconds(1) : to;
        var (rows, lookedUntil) = await MessageScan.ReadAsync(connection, new MessageFilter(caller.ClientId, PrefixedId.SmallestAt(oldest), Below(newest, position))
        {
            Notification = wanted.Id,
            User = query.UserId,
            Channel = query.Channel,
            Status = query.Status,
            Provider = query.Provider,
            ErrorCode = query.ErrorCode,
            Template = query.Template,
            Runs = runs?.Select(run => run.Id).ToArray(),
        }, page.Size, options.Value.LooksAt, ct);
        var answer = Page.Of(rows, page.Size, row => row.ToView(), row => cursors.Seal(List, row.Id.ToString("N")));
        return TypedResults.Ok(lookedUntil is { } last ? answer with { NextCursor = cursors.Seal(List, last.ToString("N")) } : answer);
    }

    /// Everything below it is asked for: the end of the time, or of the page before.
    private static Guid Below(DateTimeOffset? newest, string[]? position)
    {
        var end = newest is { } at ? PrefixedId.SmallestAt(at) : Guid.AllBitsSet;
        return position is not null && Guid.ParseExact(position[0], "N") is var after && after.CompareTo(end) < 0 ? after : end;
    }

    /// The notification that the query names, by its id or by the caller's event; a name of nothing is not found.
    private static async Task<(bool Found, Guid? Id)> NotificationAsync(NpgsqlConnection connection, Query query, Caller caller, CancellationToken ct)
    {
        if (query.NotificationId is not null)
        {
            if (!PrefixedId.TryParse("ntf", query.NotificationId, out var id)) return (false, null);
            var owned = await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(Sql.Owns, new { id, client = caller.ClientId }, cancellationToken: ct));
            return (owned, id);
        }
        if (query.EventId is null) return (true, null);
        var ofEvent = await connection.ExecuteScalarAsync<Guid?>(
            new CommandDefinition(Sql.OfEvent, new { client = caller.ClientId, @event = query.EventId }, cancellationToken: ct));
        return (true, ofEvent ?? Guid.Empty);
    }

    private static Problem? Instant(string? text, string name, out DateTimeOffset? instant)
    {
        instant = null;
        if (text is null) return null;
        var valid = Rfc3339.TryParse(text, out var parsed) && parsed.Year is > 2000 and < 2200;
        instant = parsed;
        return valid ? null : Problems.InvalidParameter($"query:{name}", "invalid_time", "Times have the form 2026-11-01T09:00:00Z");
    }

    private sealed record Run(Guid Id, DateTimeOffset StartedAt);

    internal static class Sql
    {
        public const string Runs = "select id, started_at from campaign_runs where campaign_id = @campaign";

        public const string Owns = "select exists (select from notifications where id = @id and client_id = @client)";

        public const string OfEvent = "select notification_id from event_dedup where client_id = @client and event_id = @event";
    }
}
