using System.Reflection;
using Dapper;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Admin.Pages.Settings;

/// How it is set up: a way to each thing, with how it stands.
internal sealed class IndexModel(
    NpgsqlDataSource db, ProviderAccounts accounts, IOptions<RetentionOptions> retention, IHostEnvironment environment, IConfiguration configuration) : PageModel
{
    internal sealed record Way(string Title, string Path, string Icon, string State, string? Tone = null);

    internal sealed record Figures
    {
        public required long Categories { get; init; }
        public required long Keys { get; init; }
        public required long KeysEnding { get; init; }
        public required long Staff { get; init; }
        public required long Endpoints { get; init; }
        public required long EndpointsFailing { get; init; }
        public required long Alerts { get; init; }
        public required long AccountsShut { get; init; }
        public required long Nodes { get; init; }
        public required string Versions { get; init; }
        public DateTimeOffset? LastChange { get; init; }
        public required string Database { get; init; }
        public required long DatabaseSize { get; init; }
        public required string Migration { get; init; }
        public required DateTimeOffset Now { get; init; }
    }

    public Figures Now { get; private set; } = null!; // OnGet sets it
    public IReadOnlyList<Way> Ways { get; private set; } = [];
    public IReadOnlyList<(string Name, string Value)> Facts { get; private set; } = [];
    public IReadOnlyList<(string Name, string Value)> Kept { get; private set; } = [];

    public string Sentence => Ways.Count(way => way.Tone is "fail" or "warn") switch
    {
        0 => "Everything is set up; nothing asks for you.",
        1 => $"{Ways.First(way => way.Tone is "fail" or "warn").Title}: {Ways.First(way => way.Tone is "fail" or "warn").State}.",
        var some => $"{some} of these ask for somebody: {string.Join(", ", Ways.Where(way => way.Tone is "fail" or "warn").Select(way => way.Title))}.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        Now = await connection.QuerySingleAsync<Figures>(new CommandDefinition(Sql.Figures, cancellationToken: ct));
        var isAdministrator = User.IsInRole(Roles.Administrator);
        Ways =
        [
            new("Categories", "/categories", "templates", $"{Words.Number(Now.Categories)} {Words.Plural(Now.Categories, "kind", "kinds")} of message"),
            Providers(),
            .. isAdministrator ? [Keys(), new Way("People", "/people", "users", $"{Words.Number(Now.Staff)} {Words.Plural(Now.Staff, "person works", "people work")} here")] : (Way[])[],
            new("Webhooks", "/webhooks", "out", Now.Endpoints == 0 ? "Nobody is told of anything" : Now.EndpointsFailing == 0 ? $"{Words.Number(Now.Endpoints)} {Words.Plural(Now.Endpoints, "endpoint", "endpoints")}, none failing"
                : $"{Words.Number(Now.EndpointsFailing)} of {Words.Number(Now.Endpoints)} fail or were stopped", Now.EndpointsFailing > 0 ? "warn" : null),
            new("Alerts", "/alerts", "warn", Now.Alerts == 0 ? "None is open" : $"{Words.Number(Now.Alerts)} {Words.Plural(Now.Alerts, "is", "are")} open", Now.Alerts > 0 ? "fail" : null),
            .. isAdministrator || User.IsInRole(Roles.Operator) ? [new Way("Audit log", "/audit", "docs", Now.LastChange is { } at ? $"The last change was {Words.Ago(at, Now.Now)}" : "Nothing was changed yet")] : (Way[])[],
        ];
        Facts = [.. FactsOf()];
        var keep = retention.Value;
        Kept =
        [
            ("Messages", Days(keep.Messages)), ("Attempts", Days(keep.Attempts)), ("Receipts and engagement", Days(keep.Receipts)), ("Words and data", Days(keep.Notifications)),
            ("Event ids", Days(keep.EventIds)), ("Statistics", Days(keep.Statistics)), ("What failed for good", "until somebody decides"), ("Audit log", Days(keep.AuditLog)),
        ];
    }

    private Way Providers()
    {
        var broken = accounts.All.Count(account => account is { Enabled: true, Problem: not null });
        var (state, tone) = (accounts.All.Count, Now.AccountsShut + broken) switch
        {
            (0, _) => ("None: messages wait", "warn"),
            (var all, 0) => ($"{Words.Number(all)} {Words.Plural(all, "account", "accounts")}, all may be called", null),
            (var all, var shut) => ($"{Words.Number(shut)} of {Words.Number(all)} {Words.Plural(shut, "is", "are")} not called now", "warn"),
        };
        return new Way("Providers", "/providers", "providers", state, tone);
    }

    private Way Keys() => new("API keys", "/keys", "keys", Now.Keys == 0 ? "None works" : $"{Words.Number(Now.Keys)} {Words.Plural(Now.Keys, "works", "work")}"
        + (Now.KeysEnding > 0 ? $", {Words.Number(Now.KeysEnding)} {Words.Plural(Now.KeysEnding, "ends", "end")} within two weeks" : ""), Now.KeysEnding > 0 ? "warn" : null);

    private IEnumerable<(string, string)> FactsOf()
    {
        yield return ("Version", typeof(IndexModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown");
        yield return ("Nodes", $"{Words.Number(Now.Nodes)}{(Now.Versions.Contains(',', StringComparison.Ordinal) ? $", of versions {Now.Versions}" : "")}");
        yield return ("Job engine", JobEngine.Dashboard is null ? "our own, in PostgreSQL" : "Hangfire");
        yield return ("Database", $"PostgreSQL {Now.Database.Split(' ')[0]}, {Now.DatabaseSize / 1_000_000d:N0} MB");
        yield return ("Schema", Now.Migration.Replace('_', ' '));
        yield return ("Environment", environment.EnvironmentName);
        yield return ("Reached at", configuration["Links:PublicUrl"] is { Length: > 0 } url ? url : "nobody said (Links:PublicUrl): no links in messages, no callbacks");
    }

    private static string Days(TimeSpan time) => $"{Words.Number((long)time.TotalDays)} days";

    internal static class Sql
    {
        // Small tables all, and heads of indexes.
        public const string Figures = """
            select (select count(*) from categories) as categories,
                (select count(*) from api_keys where revoked_at is null and (expires_at is null or expires_at > now())) as keys,
                (select count(*) from api_keys where revoked_at is null and expires_at > now() and expires_at < now() + interval '14 days') as keys_ending,
                (select count(*) from staff) as staff,
                (select count(*) from webhook_endpoints where deleted_at is null) as endpoints,
                (select count(*) from webhook_endpoints where deleted_at is null and (disabled_reason is not null or enabled and failing_since is not null)) as endpoints_failing,
                (select count(*) from alerts where cleared_at is null) as alerts,
                (select count(*) from (
                    select account from provider_gates where breaker <> 'closed'
                    union select name from queue_switches where kind = 'account' and (until is null or until > now())) shut) as accounts_shut,
                (select count(*) from nodes where seen_at > now() - interval '15 seconds') as nodes,
                coalesce((select string_agg(distinct version, ', ') from nodes where seen_at > now() - interval '15 seconds'), '') as versions,
                (select at from audit_log order by id desc limit 1) as last_change,
                current_setting('server_version') as database,
                pg_database_size(current_database()) as database_size,
                (select max(name) from schema_migrations) as migration,
                now() as now
            """;
    }
}
