using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using NotificationServer.Benchmarks.Faults;
using Npgsql;

namespace NotificationServer.Benchmarks.Fuzz;

/// `./bench fuzz [--requests N] [--seed N] [--json FILE]`: nonsense at every operation of a real server process, then a second process that has to
/// work off whatever the first one accepted.
internal static partial class FuzzCommand
{
    private const int Requests = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private const string Usage = """
        Usage: ./bench fuzz [--requests N] [--seed N] [--json FILE]

        Sends N (default 10,000) valid, mutated and random requests to every operation of the API's description. No answer may be a 500, nothing that was
        refused may leave a row behind, no exception may reach the log, and a worker must bring everything that was accepted to its end.
        The same seed asks for the same, as far as the ids that the server makes allow.
        """;

    /// 0: nothing was found.
    public static async Task<int> RunAsync(string[] args, string? connectionString, CancellationToken ct)
    {
        var line = new CommandLine(args, Usage, [], ["--requests", "--seed", "--json"]);
        var (requests, seed) = (line.Number("--requests", Requests), line.Number("--seed", Random.Shared.Next(1, 1_000_000), atLeast: 0));
        await using var arena = await Arena.StartAsync(new ArenaOptions { Scale = Scale.Small, Nodes = 1, Postgres = connectionString, Settings = new Dictionary<string, string> { ["Roles"] = "api" } }, ct);
        Console.WriteLine($"Fuzzing with seed {seed} ...");
        var report = await FuzzAsync(arena, requests, seed, ct);
        Console.WriteLine($"  {report.Line}");
        foreach (var finding in report.Findings.Take(20)) Console.WriteLine($"    - {finding}");
        if (line.Value("--json") is { } file) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, Json) + "\n", ct);
        return report.Valid ? 0 : 1;
    }

    private static async Task<FuzzReport> FuzzAsync(Arena arena, int requests, int seed, CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = arena.Urls[0] };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", arena.ApiKey);
        await PrepareAsync(client, ct);
        await using var db = NpgsqlDataSource.Create(arena.Address.ConnectionString);
        var watch = new TableWatch(db);
        var fuzzer = new Fuzzer(client, await Contract.ReadAsync(client, ct), seed, watch);
        var report = await fuzzer.RunAsync(requests, ct);
        report.Findings.AddRange(await watch.HalvesAsync(fuzzer.Answered, ct));
        report.Findings.AddRange(Errors(arena.Nodes[0].Output));
        if (!arena.Nodes[0].IsAlive) report.Findings.Add("the server ended");
        await WorkOffAsync(arena, report, ct);
        return report;
    }

    /// What the names in paths stand for; what is there already stays.
    public static async Task PrepareAsync(HttpClient client, CancellationToken ct)
    {
        (string Method, string Path, string Json)[] calls =
        [
            ("PUT", "/v1/users/example", """{"email":"ann@example.org","phone":"+15005550006"}"""),
            ("POST", "/v1/templates", """{"key":"example","name":"Example","channels":{"sms":{"body":"Hello"},"email":{"subject":"Hello","text":"Hello"}}}"""),
            ("POST", "/v1/template-partials", """{"key":"example","name":"Example","text":"Hello"}"""),
            ("PUT", "/v1/categories/example", """{"name":"Example","class":"transactional"}"""),
            ("PUT", "/v1/providers/twilio-eu", """{"kind":"twilio","settings":{"account_sid":"AC1","from":"+15005550006"},"secrets":{"auth_token":"x"},"enabled":false}"""),
        ];
        foreach (var (method, path, json) in calls)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            using var answer = await client.SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict) throw new InvalidOperationException($"{method} {path} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        }
    }

    /// Nothing that was accepted may be a stone in a worker's way. Accounts and endpoints that were made up would be called, so they go first.
    private static async Task WorkOffAsync(Arena arena, FuzzReport report, CancellationToken ct)
    {
        await using (var connection = await arena.Db.OpenConnectionAsync(ct)) await connection.ExecuteAsync(new CommandDefinition(Sql.LetGo, cancellationToken: ct));
        await using var worker = await arena.StartNodeAsync(ct, ("Roles", "api,worker,scheduler"));
        var done = await Until.TrueAsync(async () =>
        {
            await using var connection = await arena.Db.OpenConnectionAsync(ct);
            return !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.Due, cancellationToken: ct));
        }, Patience, ct);
        if (!done) report.Findings.Add("what was accepted was not worked off");
        if (!worker.IsAlive) report.Findings.Add("the worker ended");
        report.Findings.AddRange(Errors(worker.Output));
    }

    private static IEnumerable<string> Errors(string log) => log.Split('\n').Where(line => Trouble().IsMatch(line)).Select(line => $"in the log: {line}").Distinct().Take(20);

    [GeneratedRegex("^\\S+Z (error|fatal) ")]
    private static partial Regex Trouble();

    internal static class Sql
    {
        public const string LetGo = "delete from routing_rules; delete from provider_accounts; delete from webhook_endpoints; delete from queue_switches";

        public const string Due = "select exists (select from jobs where run_at <= now() and first_failed_at is null)";
    }
}
