using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Platform;
using NotificationServer.Recipients.Privacy;
using Npgsql;

namespace NotificationServer.Admin.Pages.Audit;

/// Who changed what, and why.
[Authorize(Policies.Operations)]
internal sealed class IndexModel(NpgsqlDataSource db) : PageModel
{
    public const int PageSize = 50;
    public const string IdPrefix = "aud";
    private const int MostActors = 200;

    internal sealed record Row
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
    }

    [BindProperty(SupportsGet = true)] public string? Actor { get; set; }
    [BindProperty(SupportsGet = true)] public string? Action { get; set; }
    [BindProperty(SupportsGet = true)] public string? Target { get; set; }
    [BindProperty(SupportsGet = true)] public string? From { get; set; }
    [BindProperty(SupportsGet = true)] public string? To { get; set; }
    [BindProperty(SupportsGet = true)] public string? Before { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];
    public IReadOnlyList<string> Actors { get; private set; } = [];
    public bool HasMore { get; private set; }
    public bool IsFiltered => Actor is not null || Action is not null || Target is not null || From is not null || To is not null;
    public string? Problem { get; private set; }

    public string Sentence => (Rows.Count, IsFiltered) switch
    {
        (0, false) => "Nobody has changed anything yet.",
        (0, true) => "No change fits this filter.",
        (_, false) => "Every change that a person or a service made, the newest first. Nobody can change what stands here.",
        _ => $"{(HasMore ? $"The newest {PageSize}" : Words.Number(Rows.Count))} {Words.Plural(Rows.Count, "change", "changes")} that fit.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        (Actor, Action, Target, From, To) = (Text(Actor), Text(Action), Text(Target), Text(From), Text(To));
        if (!Instants.TryRead(From, out var from) | !Instants.TryRead(To, out var to)) Problem = "Write times as 2026-11-01 or 2026-11-01T09:00.";
        var below = to is { } end ? PrefixedId.SmallestAt(end) : Guid.AllBitsSet;
        if (PrefixedId.TryParse(IdPrefix, Before, out var last) && last.CompareTo(below) < 0) below = last;

        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.Page, new
        {
            actor = Actor,
            actions = Action is null ? null : Action.Contains('.', StringComparison.Ordinal) ? new[] { Action } : [.. Deeds.Words.Keys.Where(one => one.StartsWith(Action + ".", StringComparison.Ordinal))],
            target = Target,
            from = from is { } start ? PrefixedId.SmallestAt(start) : Guid.Empty,
            below,
            limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > PageSize;
        Rows = [.. rows.Take(PageSize)];
        Actors = (await connection.QueryAsync<string>(new CommandDefinition(Sql.Actors, new { most = MostActors }, cancellationToken: ct))).AsList();
    }

    public IReadOnlyList<AuditChange> Changes(Row row) => AuditDiff.Of(row.Before, row.After, Personal.IsWholeFor(User));

    public string? IpOf(Row row) => User.IsInRole(Roles.Administrator) ? row.Ip : AuditOrigin.Masked(row.Ip);

    /// As much of what was changed as this person may see.
    public string Shown(string target) => target.Split(':', 2) is ["address" or "device", var address] && !Personal.IsWholeFor(User)
        ? Masked.Any(address) : target.Contains(':', StringComparison.Ordinal) ? target[(target.IndexOf(':', StringComparison.Ordinal) + 1)..] : target.Replace('_', ' ');

    public static string Kind(string target) => target.Split(':')[0].Replace('_', ' ');

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    internal static class Sql
    {
        // Each filter that is rare has an index that goes on in the order of time; what is common is found soon going back.
        public const string Page = """
            select id, at, actor, action, target, before::text as before, after::text as after, reason, host(ip) as ip
            from audit_log
            where id >= @from and id < @below
                and (@actor::text is null or actor = @actor)
                and (@actions::text[] is null or action = any(@actions))
                and (@target::text is null or target = @target)
            order by id desc
            limit @limit
            """;

        // From one actor to the next along the index, however much each of them did.
        public const string Actors = """
            with recursive known as (
                (select actor from audit_log order by actor limit 1)
                union all
                select (select a.actor from audit_log a where a.actor > known.actor order by a.actor limit 1) from known where known.actor is not null
            )
            select actor from known where actor is not null limit @most
            """;
    }
}
