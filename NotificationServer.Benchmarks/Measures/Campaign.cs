using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// A campaign to a million people with two devices each: how fast it is expanded and proven, what single sends feel of it, and, of a tenth
/// of it, what is missing and what is twice after ten kills at random moments.
internal sealed class Campaign : IMeasure
{
    private const int PerSecond = 50;

    public string Name => "campaign";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        report.Add(Metrics.RawCampaignRows, await CampaignRows.MeasureAsync(rig, rig.Size(100), ct), "messages/s");
        await using var arena = await rig.ArenaAsync(Name, ct);
        await CampaignCrowd.SettleAsync(arena, rig.Size(1_000_000), ct);
        var idle = await IdleAsync(rig, arena, ct);
        await ExpandAsync(rig, arena, report, ct);
        await SendBesideAsync(rig, arena, idle, report, ct);
        await CampaignKills.RunAsync(rig, report, rig.Size(100_000), ct);
    }

    private static async Task ExpandAsync(Rig rig, Arena arena, Report report, CancellationToken ct)
    {
        await using var node = await ServerNode.StartAsync(arena, new Dictionary<string, string?> { ["Roles"] = "api,scheduler" }, ct);
        await PacedAnswers.RunAsync(rig, node, 500, PerSecond * 2, ct);
        var campaign = await CampaignCrowd.LaunchAsync(arena, ct);
        var gathered = await UntilAsync(arena, campaign, "phase <> 'gathering'", ct);
        var expanded = await UntilAsync(arena, campaign, "phase not in ('gathering', 'sending')", ct);
        var verified = await UntilAsync(arena, campaign, "verified_at is not null", ct);
        var messages = await arena.AskAsync<long>("select messages from campaign_runs", ct);
        var rate = messages / expanded.TotalSeconds;
        Console.WriteLine($"  {messages} messages; gathered {gathered.TotalSeconds:0.0} s, expanded {expanded.TotalSeconds:0.0} s, proven {verified.TotalSeconds:0.0} s after the start");
        report.Add(Metrics.CampaignExpand, rate, "messages/s");
        report.Add(Metrics.CampaignOfRows, rate / (report.Of(Metrics.RawCampaignRows) ?? double.NaN), "");
        report.Add(Metrics.CampaignProven, (verified - expanded).TotalSeconds, "s");
        report.Add(Metrics.CampaignMemory, node.PeakMemory, "MB");
    }

    private static async Task<double> IdleAsync(Rig rig, Arena arena, CancellationToken ct)
    {
        await using var providers = await Providers.StartAsync(rig, TimeSpan.Zero, ct);
        await using var node = await ServerNode.StartAsync(arena, providers.ServerConfiguration, ct);
        await PacedAnswers.RunAsync(rig, node, 500, PerSecond * 2, ct);
        return (await PacedAnswers.RunAsync(rig, node, rig.Size(1500), PerSecond, ct)).Percentile(99);
    }

    /// While the first drains through the providers and a second is expanded.
    private static async Task SendBesideAsync(Rig rig, Arena arena, double idle, Report report, CancellationToken ct)
    {
        await using var providers = await Providers.StartAsync(rig, TimeSpan.Zero, ct);
        await using var node = await ServerNode.StartAsync(arena, providers.ServerConfiguration, ct);
        await PacedAnswers.RunAsync(rig, node, 500, PerSecond * 2, ct);
        await CampaignCrowd.LaunchAsync(arena, ct);
        while (providers.Accepted() < 1000 || await arena.AskAsync<bool>("select not exists (select from campaign_runs where phase = 'sending' and expanded > 0)", ct))
            await Task.Delay(20, ct);
        var (from, started) = (providers.Accepted(), Stopwatch.GetTimestamp());
        var busy = (await PacedAnswers.RunAsync(rig, node, rig.Size(1500), PerSecond, ct)).Percentile(99);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var goesOn = await arena.AskAsync<bool>("select exists (select from campaign_runs where phase = 'sending')", ct);
        Console.WriteLine($"  meanwhile {(providers.Accepted() - from) / took:0} sends a second{(goesOn ? "" : "; the expansion was over before the measurement")}");
        report.Add(Metrics.AnswerIdleP99, idle, "ms");
        report.Add(Metrics.AnswerCampaignP99, busy, "ms");
        report.Add(Metrics.AnswerOfIdle, busy / idle, "");
        report.Add(Metrics.CampaignMemory, Math.Max(node.PeakMemory, report.Of(Metrics.CampaignMemory) ?? 0), "MB");
    }

    private static async Task<TimeSpan> UntilAsync(Arena arena, Guid campaign, string condition, CancellationToken ct)
    {
        var sql = $"select extract(epoch from clock_timestamp() - started_at)::double precision from campaign_runs where campaign_id = '{campaign}' and {condition}";
        while (true)
        {
            if (await arena.AskAsync<double?>(sql, ct) is { } seconds) return TimeSpan.FromSeconds(seconds);
            await Task.Delay(50, ct);
        }
    }
}
