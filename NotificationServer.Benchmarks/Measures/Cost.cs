using System.Globalization;
using System.Text;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// What a message costs, by kind: processor time of the node and of PostgreSQL, write-ahead log, and what stays on the disk. One half for
/// taking it in over the API, one for sending it over HTTP to a simulated provider.
internal sealed class Cost : IMeasure
{
    private const int Batch = 1000;
    private const double Day = 16_000_000;
    private static readonly string[] Channels = ["ios_push", "android_push", "sms", "email"];

    // Of a day of 16 million: ten of pushes, one of texts, five of mails.
    private static readonly Dictionary<string, double> Share = new() { ["ios_push"] = 0.25, ["android_push"] = 0.375, ["sms"] = 0.0625, ["email"] = 0.3125 };

    public string Name => "cost";

    private readonly record struct Reading(long Wal, TimeSpan Node, TimeSpan Postgres, long Tables);

    /// A message of one kind, in or out: microseconds and bytes.
    private readonly record struct Price(double Node, double Postgres, double Wal, double Disk)
    {
        public static Price operator +(Price a, Price b) => new(a.Node + b.Node, a.Postgres + b.Postgres, a.Wal + b.Wal, a.Disk + b.Disk);
        public static Price operator *(Price a, double times) => new(a.Node * times, a.Postgres * times, a.Wal * times, a.Disk * times);
    }

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync(Name, ct);
        await using var providers = await Providers.StartAsync(rig, TimeSpan.Zero, ct);
        await using var node = await ServerNode.StartAsync(arena, providers.ServerConfiguration, ct);
        foreach (var channel in Channels) await PostAsync(rig, node, $"warm:{channel}", channel, rig.Size(10_000), ct);
        await arena.UntilDrainedAsync(ct);

        var (count, whole) = (rig.Size(40_000), default(Price));
        Console.WriteLine("  a message       node us   database us   WAL bytes   disk bytes");
        foreach (var channel in Channels)
        {
            var taken = await InAsync(rig, arena, node, channel, count, ct);
            var sent = await OutAsync(arena, node, channel, count, ct);
            Console.WriteLine(Line($"{channel}, in", taken));
            Console.WriteLine(Line($"{channel}, out", sent));
            whole += (taken + sent) * Share[channel];
        }
        Console.WriteLine(Line("of a day's mix", whole));
        report.Add(Metrics.CostNode, whole.Node, "us");
        report.Add(Metrics.CostPostgres, whole.Postgres, "us");
        report.Add(Metrics.CostWal, whole.Wal, "bytes");
        report.Add(Metrics.CostDisk, whole.Disk, "bytes");
        report.Add(Metrics.CostDayCores, (whole.Node + whole.Postgres) * Day / 1e6 / 86_400, "cores");
        report.Add(Metrics.CostDayWal, whole.Wal * Day / 1e9, "GB");
        report.Add(Metrics.CostDayDisk, whole.Disk * Day / 1e9, "GB");
    }

    /// Held meanwhile, so that nothing of it is sent.
    private static async Task<Price> InAsync(Rig rig, Arena arena, ServerNode node, string channel, int count, CancellationToken ct)
    {
        await SwitchAsync(rig, node, channel, "pause", ct);
        await Task.Delay(TimeSpan.FromSeconds(3), ct); // every node obeys within two seconds
        var before = await ReadAsync(arena, node, ct);
        await PostAsync(rig, node, $"cost:{channel}", channel, count, ct);
        return Difference(before, await ReadAsync(arena, node, ct), count);
    }

    private static async Task<Price> OutAsync(Arena arena, ServerNode node, string channel, int count, CancellationToken ct)
    {
        var before = await ReadAsync(arena, node, ct);
        await arena.ExecuteAsync(Sql.LetGo, new { channel }, ct);
        await arena.UntilDrainedAsync(ct);
        return Difference(before, await ReadAsync(arena, node, ct), count);
    }

    private static async Task SwitchAsync(Rig rig, ServerNode node, string channel, string what, CancellationToken ct)
    {
        using var client = await LeanClient.ConnectAsync(node.Address, $"/v1/ops/queues/{channel}:{what}", rig.ApiKey, ct);
        var status = await client.PostAsync("""{"reason":"a measurement"}""", ct);
        if (status != 200) throw new InvalidOperationException($"Answered {status}: {client.LastAnswer}");
    }

    private static async Task PostAsync(Rig rig, ServerNode node, string name, string channel, int count, CancellationToken ct)
    {
        using var client = await LeanClient.ConnectAsync(node.Address, "/v1/notifications:batch", rig.ApiKey, ct);
        for (var first = 0; first < count; first += Batch)
        {
            var body = new StringBuilder("""{"items":[""");
            for (var n = first; n < Math.Min(count, first + Batch); n++) body.Append(n == first ? "" : ",").Append(Item(name, channel, n));
            var status = await client.PostAsync(body.Append("]}").ToString(), ct);
            if (status != 202) throw new InvalidOperationException($"Answered {status}: {client.LastAnswer}");
        }
    }

    private static string Item(string name, string channel, int n) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"event_id":"{{{name}}}:{{{n}}}","to":[{"user_id":"{{{Crowd.User(n)}}}"}],"channels":["{{{channel}}}"],"category":"orders","content":{"title":"Order shipped","body":"It leaves today","text":"Your order leaves today.","subject":"Order shipped","html":"<p>Your order leaves <b>today</b>.</p>"}}""");

    private static async Task<Reading> ReadAsync(Arena arena, ServerNode node, CancellationToken ct) =>
        new(await arena.WalAsync(ct), node.Cpu, await PostgresCpu.SoFarAsync(arena, ct) ?? TimeSpan.Zero, await arena.AskAsync<long>(Sql.Tables, ct));

    private static Price Difference(Reading a, Reading b, double count) => new(
        (b.Node - a.Node).TotalMicroseconds / count, (b.Postgres - a.Postgres).TotalMicroseconds / count, (b.Wal - a.Wal) / count, (b.Tables - a.Tables) / count);

    private static string Line(string name, Price price) => string.Create(CultureInfo.InvariantCulture,
        $"  {name,-20} {price.Node,8:0} {price.Postgres,13:0} {price.Wal,11:0} {price.Disk,12:0}");

    private static class Sql
    {
        /// Tables and indexes of what is kept of a message; not the jobs, which are gone when it is sent.
        public const string Tables = """
            select (pg_total_relation_size('event_dedup') + sum(pg_total_relation_size(t.relid)))::bigint
            from unnest(array['notifications', 'messages', 'attempts']) as name, pg_partition_tree(name::regclass) as t
            """;

        public const string LetGo = "delete from queue_switches where kind = 'channel' and name = @channel";
    }
}
