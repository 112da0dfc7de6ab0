using System.Globalization;
using System.Net;
using System.Text.Json;
using NotificationServer.Simulator.Faults;

namespace NotificationServer.Benchmarks.Faults;

/// What clients, people and operators do, and what the clock does.
internal static class DataScenarios
{
    /// Null where it is not installed.
    public static readonly string? FakeTime = !Directory.Exists("/usr/lib") ? null
        : Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists);

    private static readonly string[] Skews = ["+3h", "-3h"];
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F34", "many posts of one event at once, on all nodes", PostAtOnceAsync),
        new("F35", "people opt out while their messages are on the way", OptOutAsync) { MayEndUnsent = true },
        new("F36", "kill -9 after the commit of an intake, before its answer", DiesBeforeAnsweringAsync),
        new("F37", "two operators requeue the same dead letters at once, some of them with a late success", RequeueTogetherAsync) { MayEndUnsent = true },
        new("F38", "a node's clock is hours off", ClocksDisagreeAsync),
    ];

    private static async Task PostAtOnceAsync(Trial trial, CancellationToken ct)
    {
        var one = trial.NewSms();
        var posts = trial.Scale.Events >= 1000 ? 10_000 : 500;
        await trial.Client.PostAsync(Enumerable.Repeat(one, posts), posts, trial.Arena.Urls, Soon * 4, ct);
        trial.FaultOver(ct);
        trial.Measured("posts_answered", trial.Client.Answered(HttpStatusCode.Accepted) + trial.Client.Answered(HttpStatusCode.OK));
        trial.Demand(trial.Client.Answered(HttpStatusCode.Accepted) == 1, $"{trial.Client.Answered(HttpStatusCode.Accepted)} posts were told to be the first");
        trial.Demand(trial.Client.Answered(HttpStatusCode.OK) == posts - 1, "not every repetition was told that it is one");
        trial.Measured("p99_ms", trial.Client.Latencies.Order().ElementAt((int)(0.99 * (trial.Client.Latencies.Count - 1))).TotalMilliseconds);
    }

    private static async Task OptOutAsync(Trial trial, CancellationToken ct)
    {
        var url = trial.Arena.Urls[0];
        var people = trial.Texts(Math.Min(4000, trial.Scale.Events / 2)).Select(wanted => wanted with { UserId = wanted.EventId.Replace('.', '-'), Category = "fault-offers" }).ToList();
        await trial.Client.SendAsync(HttpMethod.Put, url, "/v1/categories/fault-offers", new Dictionary<string, string> { ["name"] = "Offers", ["class"] = "marketing" }, ct);
        await Parallel.ForEachAsync(people, ct, async (person, each) =>
            await trial.Client.SendAsync(HttpMethod.Put, url, $"/v1/users/{person.UserId}", new Dictionary<string, string> { ["phone"] = person.To }, each));
        // All are due at one moment; who opts out more than a second before it must hear nothing.
        var due = TimeProvider.System.GetUtcNow().AddSeconds(3 + (people.Count / 200));
        await trial.PostAsync(people.Select(person => person with { SendAt = due }), ct);

        var stored = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var person in people.Where((_, i) => i % 2 == 0))
        {
            await trial.Client.SendAsync(HttpMethod.Patch, url, $"/v1/users/{person.UserId}/preferences", OptOut, ct);
            stored[person.To] = TimeProvider.System.GetUtcNow();
        }
        trial.FaultOver(ct);
        await new Checker(trial.Arena).DrainedAsync(Soon, ct);
        var late = trial.Arena.Simulator.Ledger.Count(entry => stored.TryGetValue(entry.To, out var at) && entry.At > at.AddSeconds(1));
        trial.Demand(late == 0, $"{late} sends started more than a second after the opt-out was stored");
        trial.Measured("opted_out", stored.Count);
        trial.Measured("suppressed", await trial.AskAsync<int>("select count(*)::integer from messages where status = 'suppressed' and created_at > @since", ct, new { since = trial.StartedAt }));
        trial.Demand(await trial.AskAsync<int>("select count(*)::integer from messages where status = 'suppressed' and created_at > @since", ct, new { since = trial.StartedAt }) > 0, "nobody's opt-out came in time to be seen");
    }

    private static object OptOut => new Dictionary<string, object>
    {
        ["source"] = "test",
        ["channels"] = new[] { new Dictionary<string, object> { ["channel"] = "sms", ["opt_in"] = false } },
    };

    private static async Task DiesBeforeAnsweringAsync(Trial trial, CancellationToken ct)
    {
        // One that only takes requests in: what a node dies of while it sends is F01 to F03.
        var doomed = await trial.ExtraNodeAsync(ct, ("NS_FAILPOINT", "after_commit_before_ack:exit"), ("Roles", "api"));
        await trial.PostAsync(trial.Mixed(trial.Scale.Events / 2), ct, [doomed.Url, .. trial.Arena.Urls]);
        trial.Demand(!doomed.IsAlive, "the doomed node did not die at its fail point");
        trial.Demand(trial.Client.Answered(HttpStatusCode.OK) > 0, "no repetition was told that its event was accepted before");
        trial.FaultOver(ct);
    }

    private static async Task RequeueTogetherAsync(Trial trial, CancellationToken ct)
    {
        var late = await SucceedLateAsync(trial, ct);
        trial.Arena.Simulator.Faults.Set("twilio", Refusal);
        var texts = trial.Texts(trial.Scale.Events);
        await trial.PostAsync(texts, ct);
        trial.Demand(await new Checker(trial.Arena).DrainedAsync(Soon, ct), "what the provider refused for good was tried again");
        trial.Arena.Simulator.Faults.Clear("twilio");

        var filter = new Dictionary<string, object> { ["filter"] = new Dictionary<string, object> { ["channel"] = "sms", ["from"] = trial.StartedAt }, ["reason"] = "the provider is repaired" };
        var started = await Task.WhenAll(trial.Arena.Urls.Select(url => trial.Client.SendAsync(HttpMethod.Post, url, "/v1/ops/messages:requeue", filter, ct)));
        trial.FaultOver(ct);
        var ended = new List<JsonElement>();
        foreach (var one in started) ended.Add(await EndedAsync(trial, one.GetProperty("operation_id").GetString()!, ct)); // api.md: always there
        var wanted = texts.Select(text => text.To).ToHashSet(StringComparer.Ordinal);
        trial.Demand(await Until.TrueAsync(() => trial.Arena.Simulator.Ledger.Count(entry => wanted.Contains(entry.To)) >= wanted.Count, Soon * 2, ct), "not every dead letter was sent in the end");
        var done = ended.Sum(one => one.GetProperty("done").GetInt32());
        trial.Measured("requeued", done);
        trial.Demand(done == texts.Count, $"{texts.Count} dead letters were requeued {done} times");
        var refused = ended.Sum(one => one.GetProperty("refused").GetInt32());
        trial.Measured("refused", refused);
        trial.Demand(late > 0 && refused >= late && ended.Exists(one => one.GetProperty("warning").ValueKind == JsonValueKind.String), $"{refused} of {late} that a provider had accepted were refused");
    }

    private static Fault Refusal => new() { Status = 400, Code = "21612" };

    /// Messages that failed for good on one node while another, cut off from the database, held their acceptance. How many.
    private static async Task<int> SucceedLateAsync(Trial trial, CancellationToken ct)
    {
        var (cut, other) = (trial.Arena.Nodes[0], trial.Arena.Nodes[1]);
        await other.FreezeAsync(ct);
        trial.Arena.Simulator.Faults.Set("twilio", new Fault { Hold = true });
        var texts = trial.Texts(10);
        await trial.PostAsync(texts, ct, [cut.Url]);
        trial.Demand(await Until.TrueAsync(() => trial.AcceptedBy("twilio") >= texts.Count, trial.Scale.Deadline, ct), "too little was in flight when the node was cut off");
        cut.Database.Rules = new ProxyRules { Refuse = true };
        cut.Database.ResetAll();
        trial.Arena.Simulator.Faults.Set("twilio", Refusal); // which lets the held answers go as well
        await other.ThawAsync(ct);
        var failed = "select count(*)::integer from messages where status = 'failed' and created_at > @since";
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<int>(failed, ct, new { since = trial.StartedAt }) >= texts.Count, trial.Scale.Recovery * 2, ct), "what the node had in its hands did not fail elsewhere");
        cut.Database.Rules = ProxyRules.Pass;
        await Until.TrueAsync(async () => await trial.AttemptsAsync("accepted", ct) >= texts.Count, trial.Scale.Recovery, ct);
        return await trial.AttemptsAsync("accepted", ct);
    }

    private static async Task<JsonElement> EndedAsync(Trial trial, string operation, CancellationToken ct)
    {
        var view = default(JsonElement);
        await Until.TrueAsync(async () =>
        {
            view = await trial.Client.SendAsync(HttpMethod.Get, trial.Arena.Urls[0], $"/v1/operations/{operation}", null, ct);
            return view.GetProperty("status").GetString() != "running";
        }, Soon * 2, ct);
        return view;
    }

    private static async Task ClocksDisagreeAsync(Trial trial, CancellationToken ct)
    {
        if (FakeTime is null)
        {
            trial.NotRun = "libfaketime is not installed";
            return;
        }
        var skewed = await Task.WhenAll(Skews.Select(offset =>
            trial.ExtraNodeAsync(ct, ("LD_PRELOAD", FakeTime), ("FAKETIME", offset), ("DONT_FAKE_MONOTONIC", "1"))));
        var due = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var later = trial.Texts(trial.Scale.Events / 4).Select(wanted => wanted with { SendAt = due }).ToList();
        await trial.PostAsync(later, ct);
        IReadOnlyList<Uri> off = [.. skewed.Select(node => node.Url)];
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct, off);
        trial.Demand(await new Checker(trial.Arena).DrainedAsync(TimeSpan.FromSeconds(10), ct), "what a node with a wrong clock accepted was not sent at once");
        trial.FaultOver(ct);
        var planned = later.Select(wanted => wanted.To).ToHashSet(StringComparer.Ordinal);
        var early = trial.Arena.Simulator.Ledger.Count(entry => planned.Contains(entry.To) && entry.At < due);
        trial.Demand(early == 0, string.Create(CultureInfo.InvariantCulture, $"{early} messages were sent before their time"));
        trial.Demand(await trial.NodeLostAsync(ct) == 0, "a lease was taken from a living node");
    }
}
