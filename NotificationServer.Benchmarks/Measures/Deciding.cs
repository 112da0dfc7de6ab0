using System.Diagnostics;
using Dapper;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Recipients;

namespace NotificationServer.Benchmarks.Measures;

/// May we reach this person, and where? For one, and for a thousand at once, among a million people with two devices and three wishes each,
/// a part of whom have quiet hours, are blocked, or have a suppressed address. Chance decides who is asked for, so that little of it is warm.
internal sealed class Deciding : IMeasure
{
    private const int Batch = 1000;
    private const int Piece = 100_000;
    private const string Category = "recipients_bench";

    public string Name => "recipients";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        var people = rig.Size(1_000_000);
        await using var arena = await rig.ArenaAsync("recipients", ct);
        var since = Stopwatch.GetTimestamp();
        await SettleAsync(arena, people, ct);
        report.Add(Metrics.RecipientsStored, Stopwatch.GetElapsedTime(since).TotalSeconds, "s");
        await using var node = await LocalNode.StartAsync(arena.ConnectionString, delivers: false, TimeSpan.Zero, ct);

        var random = new Random(7);
        await SinglesAsync(node, random, people, rig.Size(5_000), ct);
        var single = await SinglesAsync(node, random, people, rig.Size(20_000), ct);
        report.Add(Metrics.DecisionP50, single.Percentile(50), "ms");
        report.Add(Metrics.DecisionP99, single.Percentile(99), "ms");

        await BatchesAsync(node, random, people, rig.Size(50), ct);
        var batches = rig.Size(200);
        report.Add(Metrics.DecisionBatch, batches * Batch / (await BatchesAsync(node, random, people, batches, ct)).TotalSeconds, "decisions/s");

        await TokensAsync(node, random, people, rig.Size(20), ct);
        report.Add(Metrics.TokensBatch, batches * Batch / (await TokensAsync(node, random, people, batches, ct)).TotalSeconds, "tokens/s");
    }

    private static async Task<Times> SinglesAsync(LocalNode node, Random random, int people, int count, CancellationToken ct)
    {
        var (reader, routes, times) = (node.Get<RecipientReader>(), node.Get<ProviderRoutes>(), new Times(count));
        for (var i = 0; i < count; i++)
        {
            var request = Request([Person(random.Next(people))]);
            var since = Stopwatch.GetTimestamp();
            Decide([request], await KnownTo.ReadAsync(reader, [request], ct), routes, expected: 4);
            times.Add(Stopwatch.GetElapsedTime(since));
        }
        return times;
    }

    /// Each a thousand requests for one person, as the writers of the intake decide them.
    private static async Task<TimeSpan> BatchesAsync(LocalNode node, Random random, int people, int batches, CancellationToken ct)
    {
        var (reader, routes) = (node.Get<RecipientReader>(), node.Get<ProviderRoutes>());
        var requests = Enumerable.Range(0, batches).Select(_ => Distinct(random, people).Select(person => Request([person])).ToList()).ToList();
        var since = Stopwatch.GetTimestamp();
        foreach (var batch in requests) Decide(batch, await KnownTo.ReadAsync(reader, batch, ct), routes, expected: 4 * Batch);
        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task<TimeSpan> TokensAsync(LocalNode node, Random random, int people, int batches, CancellationToken ct)
    {
        var tokens = node.Get<ContactTokens>();
        var wishes = Enumerable.Range(0, batches).Select(_ => Distinct(random, people)
            .Select(person => new TokenWish(person, "email", Category, Guid.CreateVersion7(), null)).ToList()).ToList();
        var since = Stopwatch.GetTimestamp();
        foreach (var batch in wishes) await tokens.TakeAsync(batch, ct);
        return Stopwatch.GetElapsedTime(since);
    }

    private static void Decide(IReadOnlyList<PreparedRequest> requests, KnownRecipients known, ProviderRoutes routes, int expected)
    {
        var messages = Decision.OfAll(requests, known, routes).Sum(decision => decision.Messages.Count);
        if (messages != expected) throw new InvalidOperationException($"{messages} messages were decided, not {expected}");
    }

    private static PreparedRequest Request(string[] people)
    {
        var model = Load.Request(Guid.Empty, people[0], "decided", Channel.Email);
        return model with
        {
            Channels = ChannelNames.All.Where(channel => channel != Channel.WebPush).ToList(),
            Category = new CategoryRule("offers", MessageClass.Marketing, null),
        };
    }

    private static string Person(int number) => $"r{number:0000000}";

    private static List<string> Distinct(Random random, int people)
    {
        var numbers = new HashSet<int>(Batch);
        while (numbers.Count < Batch) numbers.Add(random.Next(people));
        return numbers.Select(Person).ToList();
    }

    private static async Task SettleAsync(Arena arena, int people, CancellationToken ct)
    {
        // The rules are known to hold, so that the million is not checked row by row.
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Unchecked, cancellationToken: ct));
        for (var from = 0; from < people; from += Piece)
            await connection.ExecuteAsync(new CommandDefinition(Sql.People, new { from, to = Math.Min(people, from + Piece) - 1 }, commandTimeout: 600, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.Rest, new { people, category = Category }, commandTimeout: 600, cancellationToken: ct));
        foreach (var sql in Sql.Vacuum) await connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 600, cancellationToken: ct));
    }

    internal static class Sql
    {
        // Whoever may not do that waits a little longer.
        public const string Unchecked = """
            do $$ begin
                set session_replication_role = replica;
            exception when insufficient_privilege then
                null;
            end $$;
            set synchronous_commit = off;
            set statement_timeout = 0
            """;

        public const string People = """
            insert into users (id, email, phone, locale, time_zone, country, attributes, tags, quiet_from, quiet_to)
            select 'r' || lpad(n::text, 7, '0'), 'reader' || n || '@example.org', '+4179' || lpad(n::text, 7, '0'), 'de-CH', 'Europe/Zurich', 'CH',
                jsonb_build_object('plan', case n % 3 when 0 then 'free' else 'pro' end, 'points', n), array['beta'],
                case when n % 5 = 0 then time '22:00' end, case when n % 5 = 0 then time '07:00' end
            from generate_series(@from::integer, @to::integer) n;

            insert into devices (user_id, id, platform, push_provider, token, app_id, install_id)
            select 'r' || lpad(n::text, 7, '0'), kind.platform, kind.platform, kind.provider, md5('a' || n || kind.platform) || md5('b' || n || kind.platform),
                'com.example.app', kind.platform || n
            from generate_series(@from::integer, @to::integer) n
            cross join (values ('ios', 'apns'), ('android', 'fcm')) as kind(platform, provider);

            insert into preferences (user_id, channel, category, opt_in, source)
            select 'r' || lpad(n::text, 7, '0'), wish.channel, wish.category, n % 7 <> 0, 'benchmark'
            from generate_series(@from::integer, @to::integer) n
            cross join (values ('sms', ''), ('email', 'offers'), ('push', 'offers')) as wish(channel, category)
            """;

        public const string Rest = """
            insert into blocks (user_id, reason, created_by) select 'r' || lpad(n::text, 7, '0'), 'benchmark', 'benchmark' from generate_series(0, @people::integer, 100) n;

            insert into suppressions (channel, address, reason)
            select 'email', 'reader' || n || '@example.org', 'hard_bounce' from generate_series(0, @people::integer, 10) n;

            insert into categories (key, name, class, limit_count, limit_per, limit_policy) values (@category, 'Benchmark', 'marketing', 3, '1 day', 'drop');
            """;

        // Each by itself: none may be part of a transaction.
        public static readonly string[] Vacuum =
            ["vacuum (analyze) users", "vacuum (analyze) devices", "vacuum (analyze) preferences", "vacuum (analyze) suppressions", "vacuum (analyze) blocks"];
    }
}
