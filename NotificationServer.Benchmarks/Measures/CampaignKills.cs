using System.Globalization;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// A campaign whose node is killed (-9) ten times in the middle, and started again. At the end the database counts.
internal static class CampaignKills
{
    private const int Kills = 10;

    public static async Task RunAsync(Rig rig, Report report, int people, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync("campaign_kills", ct);
        await CampaignCrowd.SettleAsync(arena, people, ct);
        var settings = new Dictionary<string, string?> { ["Roles"] = "api,scheduler", ["CampaignRuns:BatchSize"] = people < 50_000 ? "100" : "500" };
        // The seed of the moments is said, so that they can be had again.
        var seed = Environment.ProcessId;
        var random = new Random(seed);
        Guid? campaign = null;
        var killed = 0;
        for (; killed < Kills && !(campaign is { } running && await IsMadeAsync(arena, running, ct)); killed++)
        {
            await using var node = await ServerNode.StartAsync(arena, settings, ct);
            campaign ??= await CampaignCrowd.LaunchAsync(arena, ct);
            var before = await ExpandedAsync(arena, ct);
            // Somewhere in the next tenth of the work, gathering and counting included.
            var more = random.Next(0, people / Kills / 2);
            while (await ExpandedAsync(arena, ct) - before < more && !await IsMadeAsync(arena, campaign.Value, ct)) await Task.Delay(5, ct);
            await Task.Delay(random.Next(0, 20), ct);
            node.Kill();
        }
        await using (await ServerNode.StartAsync(arena, settings, ct))
        {
            while (!await arena.AskAsync<bool>("select exists (select from campaign_runs where verified_at is not null)", ct)) await Task.Delay(50, ct);
        }
        var found = (await arena.AskAsync<string>(Sql.Exactly, ct) ?? "").Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        Console.WriteLine($"  {killed} kills (seed {seed}): audience {found[0]}, missing {found[1]}, extra {found[2]}, people's books off by {found[3]}, messages' books off by {found[4]}");
        report.Add(Metrics.CampaignKills, killed, "kills");
        report.Add(Metrics.CampaignMissing, found[1], "people");
        report.Add(Metrics.CampaignExtra, found[2], "messages");
        report.Add(Metrics.CampaignBooks, found[3] + found[4], "off");
    }

    private static Task<int> ExpandedAsync(Arena arena, CancellationToken ct) =>
        arena.AskAsync<int>("select coalesce(sum(expanded), 0)::integer from campaign_runs", ct);

    private static Task<bool> IsMadeAsync(Arena arena, Guid campaign, CancellationToken ct) =>
        arena.AskAsync<bool>($"select exists (select from campaign_runs where campaign_id = '{campaign}' and phase not in ('gathering', 'sending'))", ct);

    internal static class Sql
    {
        public const string Exactly = """
            with got as materialized (select user_id, channel, device_id, count(*) as n from messages where campaign_run_id is not null group by 1, 2, 3)
            select concat_ws(' ', r.audience,
                (select count(*) from users u where not exists (select from got where got.user_id = u.id)),
                (select coalesce(sum(n - 1), 0) from got),
                abs(r.audience - r.addressed - r.withdrawn - (select coalesce(sum(value::integer), 0) from jsonb_each_text(r.excluded))),
                abs(r.messages - (select count(*) from messages where campaign_run_id = r.id)) + abs(r.messages - (
                    select sum(count) from campaign_books b where b.run_id = r.id
                        and metric in ('queued', 'sent', 'delivered', 'bounced', 'failed', 'suppressed', 'expired', 'cancelled'))))
            from campaign_runs r
            """;
    }
}
