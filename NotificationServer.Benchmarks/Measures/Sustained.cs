using System.Diagnostics;
using System.Globalization;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Channels;
using NotificationServer.Notifications;

namespace NotificationServer.Benchmarks.Measures;

/// Ten minutes of coming in and going out at a steady pace, with a look every 30 seconds at what that leaves behind: dead rows, the
/// size of the live table, the backlog. Flat is good; a curve that climbs is a queue that will stand still one day.
internal sealed class Sustained : IMeasure
{
    private const int PerSecond = 2000;
    private const int Batch = 200;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    public string Name => "sustained";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync(Name, ct);
        await using var node = await LocalNode.StartAsync(arena.ConnectionString, delivers: true, TimeSpan.Zero, ct);
        var length = TimeSpan.FromSeconds(rig.Size(600));
        var started = Stopwatch.GetTimestamp();
        var feeding = FeedAsync(node, length, ct);
        Console.WriteLine("  seconds  sent/s   backlog  dead rows  jobs MB");
        for (var before = 0L; !feeding.IsCompleted;)
        {
            await Task.WhenAny(feeding, Task.Delay(Look, ct));
            var sent = node.Provider.Calls;
            var (backlog, dead, size) = (await arena.AskAsync<long>(Sql.Backlog, ct), await arena.AskAsync<long>(Sql.Dead, ct), await arena.AskAsync<long>(Sql.Size, ct));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {Stopwatch.GetElapsedTime(started).TotalSeconds,7:0}  {(sent - before) / Look.TotalSeconds,6:0}  {backlog,8}  {dead,9}  {size / 1048576d,7:0.0}"));
            before = sent;
        }
        var accepted = await feeding;
        await arena.UntilDrainedAsync(ct);
        report.AddRate(Metrics.Sustained, accepted, Stopwatch.GetElapsedTime(started));
        report.Add(Metrics.SustainedDead, await arena.AskAsync<long>(Sql.Dead, ct), "rows");
        report.Add(Metrics.SustainedJobsSize, await arena.AskAsync<long>(Sql.Size, ct) / 1048576d, "MB");
    }

    private static async Task<int> FeedAsync(LocalNode node, TimeSpan length, CancellationToken ct)
    {
        var (writer, client, started) = (node.Get<IntakeWriter>(), Guid.CreateVersion7(), Stopwatch.GetTimestamp());
        for (var first = 0; ; first += Batch)
        {
            var wait = TimeSpan.FromSeconds((double)first / PerSecond) - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, ct);
            if (Stopwatch.GetElapsedTime(started) > length) return first;
            await writer.StoreAsync([.. Enumerable.Range(first, Batch)
                .Select(n => Load.Request(client, Crowd.User(n), $"sustained:{n}", ChannelNames.All[n % 5]))], ct);
        }
    }

    internal static class Sql
    {
        public const string Backlog = "select count(*) from jobs";

        public const string Dead = "select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables where relname like 'jobs%'";

        public const string Size = "select sum(pg_total_relation_size(relid))::bigint from pg_partition_tree('jobs')";
    }
}
