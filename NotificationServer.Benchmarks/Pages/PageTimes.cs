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
        var folder = rig.Folder("pages-node");
        await using var node = await ServerNode.StartAsync(
            arena, new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["NS_DATA_DIR"] = folder }, ct);
        using var visitor = new AdminVisitor(new Uri($"http://{node.Address}"));
        var facts = (await File.ReadAllLinesAsync(Path.Combine(folder, "dev.env"), ct)).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        await visitor.SignInAsync(facts["NS_ADMIN_EMAIL"], facts["NS_ADMIN_PASSWORD"], ct);

        var slowest = 0d;
        foreach (var path in Paths(await SomethingAsync(arena, ct)))
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

    /// Each page as it is opened, and the searches that people make most.
    private static string[] Paths(Something some) =>
    [
        "/admin", "/admin/queues", "/admin/queues/sms", "/admin/nodes", "/admin/maintenance", "/admin/alerts",
        "/admin/failures", "/admin/failures?q=refused", $"/admin/failures?recipient={some.Email}", "/admin/failures?template=order-shipped", "/admin/failures?provider=twilio-eu&channel=sms", $"/admin/failures/{some.Fingerprint}",
        $"/admin/failures/requeue?fingerprint={some.Fingerprint}", "/admin/operations",
        "/admin/messages", $"/admin/messages?q={some.Email}", $"/admin/messages?q={some.UserId}", "/admin/messages?q=order-1000:shipped",
        "/admin/messages?channel=email&status=failed", "/admin/messages?template=weekly-offers", "/admin/messages?channel=sms&state=scheduled",
        $"/admin/messages/msg_{some.Message:N}",
        "/admin/users", $"/admin/users?q={some.Email}", "/admin/users?q=person12", $"/admin/users/{some.UserId}", $"/admin/users/{some.UserId}?tab=messages",
        $"/admin/users/{some.UserId}?tab=preferences", "/admin/blocked", "/admin/suppressions", "/admin/suppressions?q=person5",
        "/admin/categories", "/admin/categories/offers", "/admin/templates", "/admin/templates/order-shipped",
        "/admin/providers", "/admin/keys", "/admin/people", "/admin/webhooks", "/admin/audit", "/admin/audit?actor=staff:ada@example.org", "/admin/settings",
    ];

    internal sealed record Something(Guid Message, string UserId, string Email, string Fingerprint);

    internal static class Sql
    {
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
