using System.Globalization;
using Dapper;
using NotificationServer.Benchmarks.Measures;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Benchmarks.Seed;

namespace NotificationServer.Benchmarks.Pages;

/// How long each page of the admin app takes with a million people and five million messages behind it.
internal sealed class PageTimes : IMeasure
{
    private const int Readings = 40;

    public string Name => "pages";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync(Name, ct);
        await new Seeder(arena.Db, rig.Quick ? SeedPlan.Quick : new SeedPlan(), Console.WriteLine).RunAsync(ct);
        var campaign = await CampaignAsync(arena, ct);
        var folder = rig.Folder("pages-node");
        await using var node = await ServerNode.StartAsync(
            arena, new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["NS_DATA_DIR"] = folder }, ct);
        using var visitor = new AdminVisitor(new Uri($"http://{node.Address}"));
        var facts = (await File.ReadAllLinesAsync(Path.Combine(folder, "dev.env"), ct)).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        await visitor.SignInAsync(facts["NS_ADMIN_EMAIL"], facts["NS_ADMIN_PASSWORD"], ct);

        // What five million rows in a few minutes left to be added up is nothing that a node that sends ever has before it.
        while (!await arena.AskAsync<bool>(Sql.IsAddedUp, ct)) await Task.Delay(100, ct);
        var slowest = 0d;
        foreach (var path in Paths(await SomethingAsync(arena, ct), campaign))
        {
            await visitor.ReadAsync(path, ct);           // what is compiled at the first sight of a page is no part of its time
            var times = new Times(Readings);
            for (var n = 0; n < Readings; n++) times.Add(await visitor.ReadAsync(path, ct));
            slowest = Math.Max(slowest, times.Percentile(95));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {times.Percentile(50),8:0.0} ms {times.Percentile(95),8:0.0} ms (p95)  {path}"));
        }

        report.Add(Metrics.SlowestPage, slowest, "ms");
    }

    private static async Task<Something> SomethingAsync(Arena arena, CancellationToken ct)
    {
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Something>(new CommandDefinition(Sql.Something, cancellationToken: ct));
    }

    /// The newest messages become those of one campaign, counted as if it had sent them.
    private static async Task<string> CampaignAsync(Arena arena, CancellationToken ct)
    {
        var (campaign, run) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Campaign, new { campaign, run, most = 100_000 }, commandTimeout: 600, cancellationToken: ct));
        return $"/admin/campaigns/cmp_{campaign:N}";
    }

    /// Each page as it is opened, and the searches that people make most.
    private static string[] Paths(Something some, string campaign) =>
    [
        "/admin", "/admin/queues", "/admin/queues/sms", "/admin/nodes", "/admin/maintenance", "/admin/alerts",
        "/admin/failures", "/admin/failures?q=refused", $"/admin/failures?recipient={some.Email}", "/admin/failures?template=order-shipped", "/admin/failures?provider=twilio-eu&channel=sms", $"/admin/failures/{some.Fingerprint}",
        $"/admin/failures/requeue?fingerprint={some.Fingerprint}", "/admin/operations",
        "/admin/messages", $"/admin/messages?q={some.Email}", $"/admin/messages?q={some.UserId}", "/admin/messages?q=order-1000:shipped",
        "/admin/messages?channel=email&status=failed", "/admin/messages?template=weekly-offers", "/admin/messages?channel=sms&state=scheduled",
        $"/admin/messages/msg_{some.Message:N}",
        "/admin/users", $"/admin/users?q={some.Email}", "/admin/users?q=person12", $"/admin/users/{some.UserId}", $"/admin/users/{some.UserId}?tab=messages",
        $"/admin/users/{some.UserId}?tab=preferences", "/admin/blocked", "/admin/suppressions", "/admin/suppressions?q=person5",
        "/admin/campaigns", "/admin/campaigns/calendar", campaign, $"{campaign}/recipients", $"{campaign}/recipients?status=failed", $"{campaign}/recipients?status=withdrawn",
        $"{campaign}/recipients?person={some.UserId}", $"{campaign}/review", "/admin/segments",
        "/admin/categories", "/admin/categories/offers", "/admin/templates", "/admin/templates/order-shipped",
        "/admin/providers", "/admin/keys", "/admin/people", "/admin/webhooks", "/admin/audit", "/admin/audit?actor=staff:ada@example.org", "/admin/settings",
    ];

    internal sealed record Something(Guid Message, string UserId, string Email, string Fingerprint);

    internal static class Sql
    {
        public const string Campaign = """
            set statement_timeout = 0;
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by)
            values (@campaign, '00000000-0000-0000-0000-000000000000', 'Autumn sale', 'completed', '{"template":"weekly-offers"}', 'staff:ada@example.org', 'staff:ada@example.org');
            insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, phase, outcome, ended_at, started_at, tend_at)
            values (@run, @campaign, now(), '00000000-0000-0000-0000-000000000000', false, '{"template":"weekly-offers"}', 'ended', 'completed', now(), now() - interval '100 days', 'infinity');
            update messages m set campaign_run_id = @run from (select id from messages where user_id is not null order by id desc limit @most) newest where m.id = newest.id;
            insert into campaign_recipients (run_id, user_id, wave) select distinct @run::uuid, user_id, 0 from messages where campaign_run_id = @run;
            update campaign_runs r
            set messages = (select count(*) from messages where campaign_run_id = @run), audience = p.people, expanded = p.people, addressed = p.people
            from (select count(*) as people from campaign_recipients where run_id = @run) p
            where r.id = @run;
            reset statement_timeout
            """;

        public const string IsAddedUp = "select not exists (select from message_count_deltas)";

        public const string Something = """
            select d.message_id as message, m.user_id, u.email, d.fingerprint
            from dead_letters d
            join messages m on m.id = d.message_id
            join users u on u.id = m.user_id
            order by d.failed_at desc
            limit 1
            """;
    }
}
