using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotificationServer.Benchmarks.Fuzz;

/// Sends requests that are valid, nearly valid, or nothing at all to every operation, one after the other, and judges each answer.
internal sealed partial class Fuzzer(HttpClient client, Contract contract, int seed, TableWatch? watch)
{
    private const int CompareEvery = 8;
    private const int MostFindings = 100;
    private const string Drain = ":drain";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Random random = new(seed);
    private readonly Dictionary<string, List<string>> ids = [];
    private readonly HashSet<Guid> notifications = [];
    private readonly HashSet<FuzzRoute> taken = [];

    /// What the server said that it has accepted.
    public IReadOnlyCollection<Guid> Answered => notifications;

    public async Task<FuzzReport> RunAsync(int requests, CancellationToken ct)
    {
        var report = new FuzzReport { Seed = seed, Routes = contract.Routes.Count };
        var bodies = new Bodies(contract, random);
        for (var at = 0; at < requests && report.Findings.Count < MostFindings; at++)
        {
            // Each operation at least so often, then by chance.
            var route = contract.Routes[at < contract.Routes.Count * 3 ? at % contract.Routes.Count : random.Next(contract.Routes.Count)];
            var compares = watch is not null && route.Changes && !route.KeepsRefusals && at % CompareEvery == 0;
            var before = compares ? await watch!.LookAsync(ct) : null; // compares only with one
            var status = await AskAsync(route, bodies, report, ct);
            if (before is not null && status is >= 400 and < 500)
            {
                report.Compared++;
                foreach (var (table, state) in await watch!.LookAsync(ct)) // as above
                    if (before.GetValueOrDefault(table) != state) report.Findings.Add($"{route}: refused with {status}, and {table} went from {before.GetValueOrDefault(table)} to {state}");
            }
        }
        report.RoutesTaken = taken.Count;
        return report;
    }

    private async Task<int> AskAsync(FuzzRoute route, Bodies bodies, FuzzReport report, CancellationToken ct)
    {
        using var request = Request(route, bodies);
        var shown = $"{route.Method} {request.RequestUri}";
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(ct);
        try
        {
            using var answer = await client.SendAsync(request, ct).WaitAsync(Patience, ct);
            var (status, text) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(ct));
            report.Requests++;
            report.Statuses[status] = report.Statuses.GetValueOrDefault(status) + 1;
            if (answer.IsSuccessStatusCode) Learn(route, text);
            if (answer.IsSuccessStatusCode && route.Path.EndsWith(Drain, StringComparison.Ordinal)) await ResumeAsync(request, ct);
            if (Fault(answer, text) is { } fault) report.Findings.Add($"{shown}: {status} {fault} {Cut(text)} <- {Cut(body)}");
            return status;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            report.Findings.Add($"{shown}: no answer ({e.Message}) <- {Cut(body)}");
            return 0;
        }
    }

    private HttpRequestMessage Request(FuzzRoute route, Bodies bodies)
    {
        var query = string.Join('&', route.Parameters.Where(one => one.Place == "query" && random.Chance(0.4)).Select(one => $"{one.Name}={Uri.EscapeDataString(Value(one.Name, 0.7))}"));
        var path = Hole().Replace(route.Path, hole => Uri.EscapeDataString(Value(hole.Groups[1].Value, 0.25, route)));
        var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(query.Length == 0 ? path : $"{path}?{query}", UriKind.Relative));
        foreach (var one in route.Parameters.Where(one => one.Place == "header" && random.Chance(0.3))) request.Headers.TryAddWithoutValidation(one.Name, Header(Value(one.Name, 0.7)));
        if (random.Chance(0.05)) request.Headers.TryAddWithoutValidation(random.Any(["If-Match", "Idempotency-Key", "traceparent", "X-Request-Id", "Accept", "X-HTTP-Method-Override"]), Header(random.Any(Nasty.Text)));
        if (route.MediaType is null && !random.Chance(0.02)) return request;

        request.Content = new ByteArrayContent(bodies.Of(route));
        var type = random.Chance(0.97) ? route.MediaType ?? "application/json" : random.Any(["text/plain", "application/json; charset=utf-16", "application/xml", "nonsense", "multipart/form-data"]);
        if (MediaTypeHeaderValue.TryParse(type, out var parsed)) request.Content.Headers.ContentType = parsed;
        return request;
    }

    /// A value that names something, or one that should not.
    private string Value(string name, double hostile, FuzzRoute? route = null)
    {
        if (random.Chance(hostile)) return random.Chance(0.02) ? new string('w', 2_000) : random.Any(Nasty.Text);
        var own = route is null ? null : ids.GetValueOrDefault(Family(route));
        if (name is "id" or "event" && own is { Count: > 0 } && random.Chance(0.8)) return random.Any(own);
        return name switch
        {
            "user_id" => "example",
            "device_id" => "d1",
            "channel" => random.Any(["web_push", "sms", "email"]),
            "account" => random.Any(["twilio-eu", "fuzz"]),
            "version" => random.Any(["1", "2"]),
            "limit" => "5",
            "key" => random.Any(["example", "fuzz"]),
            _ => ids.Values.SelectMany(known => known).ToList() is { Count: > 0 } all ? random.Any(all) : "example",
        };
    }

    private void Learn(FuzzRoute route, string text)
    {
        taken.Add(route);
        foreach (Match id in Id().Matches(text))
        {
            if (!ids.TryGetValue(Family(route), out var known)) ids[Family(route)] = known = [];
            if (known.Count > 40) known.RemoveAt(random.Next(known.Count));
            known.Add(id.Value);
            // Not one of ours that only came back as it was sent: those have no version.
            if (id.Value.StartsWith("ntf_", StringComparison.Ordinal) && id.Value["ntf_".Length + 12] == '7' && route.Changes) notifications.Add(Guid.ParseExact(id.Value["ntf_".Length..], "N"));
        }
    }

    /// A channel that takes nothing in is no place to look for faults of what it would take in.
    private async Task ResumeAsync(HttpRequestMessage drained, CancellationToken ct)
    {
        using var body = new StringContent("""{"reason":"go on"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(drained.RequestUri!.ToString().Split('?')[0].Replace(Drain, ":resume", StringComparison.Ordinal), UriKind.RelativeOrAbsolute), body, ct); // it was sent somewhere
    }

    private static string? Fault(HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;
        if (status >= 500 && !(status == 503 && answer.Headers.RetryAfter is not null)) return "is our fault";
        if (status < 400) return text.Length == 0 || answer.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.Ordinal) != true || IsJson(text) ? null : "is no JSON";
        if (text.Contains("Npgsql", StringComparison.Ordinal) || text.Contains("System.", StringComparison.Ordinal) || text.Contains("   at ", StringComparison.Ordinal)) return "tells how it is made";
        // What the listener itself refuses, it refuses without a word, and hangs up.
        if (text.Length == 0 && answer.Headers.ConnectionClose == true && status is 400 or 413 or 414 or 431) return null;
        return answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && IsJson(text) ? null : "is no problem document";
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// What an id belongs to, by the beginning of the path: v1/messages.
    private static string Family(FuzzRoute route) => route.Path.Split('/', ':')[2];

    private static string Header(string text) => string.Concat(text.Where(c => c is >= ' ' and < '\u007f'));

    private static string Cut(string text) => text.Length > 600 ? $"{text[..600]}..." : text;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Hole();

    [GeneratedRegex("[a-z]{2,4}_[0-9a-f]{32}")]
    private static partial Regex Id();
}
