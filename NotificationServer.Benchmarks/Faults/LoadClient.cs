using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace NotificationServer.Benchmarks.Faults;

/// A message that a client wants sent. Its address is used for it alone, so that what arrives can be told apart.
internal sealed record Wanted(string EventId, string Channel, string To)
{
    public string? UserId { get; init; }
    public string? Category { get; init; }
    public DateTimeOffset? SendAt { get; init; }
}

/// A client as the guide wants it: whatever is not a 2xx or a refusal is repeated with the same event id until it is answered.
internal sealed class LoadClient(string apiKey, AckedLog log, TimeProvider clock) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly ConcurrentDictionary<string, string> idOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<HttpStatusCode, int> answers = new();
    private readonly ConcurrentBag<TimeSpan> latencies = [];
    private int broken, otherIds, withoutRetryAfter;

    /// Everything that it ever tried to send.
    public ConcurrentDictionary<string, Wanted> Attempted { get; } = new(StringComparer.Ordinal);

    /// How often the pause before a repetition doubles: many who wait for a server that is gone must not be what keeps it down.
    public int Doublings { get; set; }

    /// 2xx answers for one event that did not all name the same notification.
    public int DifferentIds => otherIds;
    /// 503 and 429 that did not say when to come back.
    public int WithoutRetryAfter => withoutRetryAfter;
    /// Requests without an answer.
    public int Broken => broken;
    public int Answered(HttpStatusCode status) => answers.GetValueOrDefault(status);
    /// From the request to its answer, of each answered request.
    public IReadOnlyCollection<TimeSpan> Latencies => latencies;

    /// Posts all of them from so many tasks; ends when each is answered for, or the patience is over.
    public async Task PostAsync(IEnumerable<Wanted> wanted, int tasks, IReadOnlyList<Uri> nodes, TimeSpan patience, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(patience);
        var options = new ParallelOptions { MaxDegreeOfParallelism = tasks, CancellationToken = ct };
        await Parallel.ForEachAsync(wanted, options, async (one, _) => await PostAsync(one, nodes, enough.Token));
    }

    public Task PostAsync(Wanted wanted, IReadOnlyList<Uri> nodes, CancellationToken ct) => PostAsync(wanted, () => nodes, ct);

    /// The nodes may be others at each try.
    public async Task PostAsync(Wanted wanted, Func<IReadOnlyList<Uri>> nodes, CancellationToken ct)
    {
        Attempted[wanted.EventId] = wanted;
        for (var (round, tries) = (Random.Shared.Next(1000), 0); !ct.IsCancellationRequested; round++, tries++)
        {
            var (since, those) = (Stopwatch.GetTimestamp(), nodes());
            try
            {
                // For a moment there may be none.
                if (those.Count > 0 && await AskAsync(wanted, those[round % those.Count], ct)) return;
                latencies.Add(Stopwatch.GetElapsedTime(since));
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                Interlocked.Increment(ref broken);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 200) << Math.Min(tries, Doublings)), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<JsonElement> SendAsync(HttpMethod method, Uri node, string path, object? body, CancellationToken ct)
    {
        using var request = Request(method, new Uri(node, path), body);
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public void Dispose() => http.Dispose();

    private async Task<bool> AskAsync(Wanted wanted, Uri node, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, new Uri(node, "/v1/notifications"), Body(wanted));
        var since = Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        latencies.Add(Stopwatch.GetElapsedTime(since));
        answers.AddOrUpdate(response.StatusCode, 1, (_, n) => n + 1);
        if (response.IsSuccessStatusCode)
        {
            await AckAsync(wanted, text);
            return true;
        }
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && response.Headers.RetryAfter is null)
            Interlocked.Increment(ref withoutRetryAfter);
        return (int)response.StatusCode is >= 400 and < 500 and not 409 and not 429
            ? throw new InvalidOperationException($"{wanted.EventId} was refused: {text}")
            : false;
    }

    private async Task AckAsync(Wanted wanted, string answer)
    {
        var at = clock.GetUtcNow();
        using var json = JsonDocument.Parse(answer);
        var id = json.RootElement.GetProperty("id").GetString()!; // api.md: always there
        if (idOf.GetOrAdd(wanted.EventId, id) != id) Interlocked.Increment(ref otherIds);
        await log.AppendAsync(new AckedLog.Entry(wanted.EventId, id, at));
    }

    private static Dictionary<string, object> Body(Wanted wanted)
    {
        var to = wanted.UserId is not null ? new Dictionary<string, string> { ["user_id"] = wanted.UserId }
            : new Dictionary<string, string> { [wanted.Channel == "sms" ? "phone" : "email"] = wanted.To };
        var body = new Dictionary<string, object>
        {
            ["event_id"] = wanted.EventId,
            ["to"] = new[] { to },
            ["channels"] = new[] { wanted.Channel },
            ["content"] = new { subject = "A fault", text = $"This is {wanted.EventId}." },
        };
        if (wanted.Category is not null) body["category"] = wanted.Category;
        if (wanted.SendAt is { } at) body["send_at"] = at;
        return body;
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address, object? body) => new(method, address)
    {
        Content = body is null ? null : JsonContent.Create(body),
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", apiKey) },
    };
}
