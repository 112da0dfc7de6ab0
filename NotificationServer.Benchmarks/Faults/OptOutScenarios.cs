using System.Collections.Concurrent;
using Dapper;

namespace NotificationServer.Benchmarks.Faults;

/// A campaign is on its way, and people say no in the middle of it.
internal static class OptOutScenarios
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static IEnumerable<Scenario> All =>
    [
        new("F35.campaign", "one in ten opts out in the middle of a campaign (long: 10,000 of 100,000)", CampaignAsync) { MayEndUnsent = true },
    ];

    private static async Task CampaignAsync(Trial trial, CancellationToken ct)
    {
        var size = trial.Scale.Events * 10;
        var people = Enumerable.Range(0, size).Select(i => $"{trial.Id.Replace('.', '-')}-{i}").ToArray();
        await using (var connection = await trial.Arena.Db.OpenConnectionAsync(ct))
            await connection.ExecuteAsync(new CommandDefinition(Sql.People, new { people }, cancellationToken: ct));
        // A few one by one, for the books that the checker keeps; the rest as a campaign comes.
        await trial.PostAsync(Enumerable.Range(0, 10).Select(_ => trial.NewEmail()), ct);
        var batches = people.Chunk(BatchSize).ToList();
        var posting = Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct }, async (batch, each) =>
            await trial.Client.SendAsync(HttpMethod.Post, trial.Arena.Urls[Random.Shared.Next(trial.Arena.Urls.Count)], "/v1/notifications:batch",
                new Dictionary<string, object> { ["items"] = batch.Select(Mail).ToArray() }, each));

        // At random moments, by many hands, on any node. Late is judged by the moment at which the person was told that it is stored.
        var stored = new ConcurrentDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var leaving = people.Where((_, i) => i % 10 == 7).ToArray();
        Random.Shared.Shuffle(leaving);
        await Parallel.ForEachAsync(leaving, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (person, each) =>
        {
            await trial.Client.SendAsync(HttpMethod.Patch, trial.Arena.Urls[Random.Shared.Next(trial.Arena.Urls.Count)], $"/v1/users/{person}/preferences", No, each);
            stored[$"{person}@example.org"] = TimeProvider.System.GetUtcNow();
        });
        await posting;
        trial.FaultOver(ct);
        await new Checker(trial.Arena).DrainedAsync(Patience, ct);

        var late = trial.Arena.Simulator.Ledger.Count(entry => stored.TryGetValue(entry.To, out var at) && entry.At > at.AddSeconds(1));
        var suppressed = await trial.AskAsync<int>(Sql.Suppressed, ct, new { people });
        trial.Measured("people", size);
        trial.Measured("opted_out", stored.Count);
        trial.Measured("suppressed", suppressed);
        trial.Demand(late == 0, $"{late} sends were accepted more than a second after the opt-out was stored");
        // Seen from within: when each call began, against when the word was written down.
        var begun = await trial.AskAsync<int>(Sql.BegunLate, ct, new { people });
        trial.Demand(begun == 0, $"{begun} sends began more than a second after the opt-out was stored");
        trial.Demand(await trial.AskAsync<int>(Sql.Unjustified, ct, new { people }) == 0, "somebody who did not opt out was left out");
    }

    private static Dictionary<string, object> Mail(string person) => new()
    {
        ["event_id"] = person,
        ["to"] = new[] { new Dictionary<string, string> { ["user_id"] = person } },
        ["channels"] = new[] { "email" },
        ["category"] = "offers",
        ["content"] = new Dictionary<string, string> { ["subject"] = "News", ["text"] = "There is something new." },
    };

    private static readonly Dictionary<string, object> No = new()
    {
        ["source"] = "test",
        ["categories"] = new[] { new Dictionary<string, object> { ["category"] = "offers", ["channel"] = "email", ["opt_in"] = false } },
    };

    private static class Sql
    {
        public const string People = "insert into users (id, email) select p, p || '@example.org' from unnest(@people::text[]) p";

        public const string Suppressed = "select count(*)::integer from messages where user_id = any(@people::text[]) and status = 'suppressed'";

        public const string BegunLate = """
            select count(*)::integer
            from messages m
            join attempts a on a.message_id = m.id
            join consents c on c.user_id = m.user_id and not c.opt_in
            where m.user_id = any(@people::text[]) and a.started_at > c.recorded_at + interval '1 second'
            """;

        public const string Unjustified = """
            select count(*)::integer
            from messages m
            where m.user_id = any(@people::text[]) and m.status = 'suppressed'
                and not exists (select from consents c where c.user_id = m.user_id and not c.opt_in)
            """;
    }
}
