using System.ComponentModel;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Api.Operations;

internal static class ListAuditLog
{
    private const string List = "audit-log";

    public sealed record Entry(
        string Id, DateTimeOffset At, string Actor, string Action, string Target, JsonElement? Before, JsonElement? After, string? Reason,
        [property: Description("The address that the change came from; its network alone without the scope personal:read. Null: nobody asked for it over the network")] string? Ip);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/audit-log", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(ListAuditLog))
        .WithMetadata(ReadsFar.Instance)
        .WithSummary("Who did what, and why, newest first")
        .WithDescription("Actors are staff:<address>, client:<name>, or what of the server itself did it. The actions are listed in docs/audit.md.");

    private static async Task<Results<Ok<Page<Entry>>, Problem>> HandleAsync(
        [FromQuery(Name = "actor")] string? actor, [FromQuery(Name = "action")] string? action, [FromQuery(Name = "target")] string? target,
        [AsParameters] PageQuery page, Cursors cursors, NpgsqlDataSource db, Caller caller, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var after) is { } problem) return problem;
        foreach (var (value, name) in new[] { (actor, "actor"), (action, "action"), (target, "target") })
        {
            if (value?.Contains('\0', StringComparison.Ordinal) == true)
                return Problems.InvalidParameter($"query:{name}", "nul_character", "Contains a NUL character");
        }

        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Page, new
        {
            actor,
            action,
            target,
            after = after is null ? (Guid?)null : Guid.ParseExact(after[0], "N"),
            limit = page.Size + 1,
        }, cancellationToken: ct));
        return TypedResults.Ok(Page.Of(rows.AsList(), page.Size, row => row.ToEntry(caller.Scopes.Contains(Scopes.PersonalRead)), row => cursors.Seal(List, row.Id.ToString("N"))));
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset At { get; init; }
        public required string Actor { get; init; }
        public required string Action { get; init; }
        public required string Target { get; init; }
        public string? Before { get; init; }
        public string? After { get; init; }
        public string? Reason { get; init; }
        public string? Ip { get; init; }

        public Entry ToEntry(bool personal) => new(
            PrefixedId.Format("aud", Id), At, Actor, Action, Target, Parsed(Before), Parsed(After), Reason, personal ? Ip : AuditOrigin.Masked(Ip));

        private static JsonElement? Parsed(string? json) => json is null ? null : JsonElement.Parse(json);
    }

    internal static class Sql
    {
        public const string Page = """
            select id, at, actor, action, target, before::text as before, after::text as after, reason, host(ip) as ip
            from audit_log
            where (@actor::text is null or actor = @actor)
                and (@action::text is null or action = @action)
                and (@target::text is null or target = @target)
                and (@after::uuid is null or id < @after)
            order by id desc
            limit @limit
            """;
    }
}
