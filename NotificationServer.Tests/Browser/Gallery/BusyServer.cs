using Dapper;
using NotificationServer.Benchmarks.Seed;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Browser.Gallery;

/// A server with a small month of everything behind it, and what its pages need to be named.
public sealed class BusyServer : IAsyncLifetime
{
    private readonly AdminServer server = new();

    public Uri Address => server.Address;

    public string Email => server.Email;

    public string Password => server.Password;

    /// Each page of the admin app, by the name of its picture.
    internal IReadOnlyList<(string Name, string Path)> Pages { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        await new Seeder(server.Db, new SeedPlan(2_000, 20_000), _ => { }).RunAsync(CancellationToken.None);
        await SegmentSamples.IntoAsync(server.Db);
        await using var connection = await server.Db.OpenConnectionAsync();
        var some = await connection.QuerySingleAsync<(Guid Message, string User, string Fingerprint)>(Sql.Something);
        var reports = await ReportSamples.IntoAsync(server.Db);
        Pages =
        [
            ("overview", "/admin"), ("queues", "/admin/queues"), ("channel", "/admin/queues/sms"), ("nodes", "/admin/nodes"),
            ("maintenance", "/admin/maintenance"), ("alerts", "/admin/alerts"),
            ("failures", "/admin/failures"), ("failures-filtered", "/admin/failures?channel=sms"), ("failure-group", $"/admin/failures/{some.Fingerprint}"),
            ("requeue", $"/admin/failures/requeue?fingerprint={some.Fingerprint}"), ("discard", $"/admin/failures/discard?fingerprint={some.Fingerprint}"),
            ("operations", "/admin/operations"), ("messages", "/admin/messages"), ("messages-of-one", $"/admin/messages?q={some.User}"),
            ("message", $"/admin/messages/msg_{some.Message:N}"),
            ("templates", "/admin/templates"), ("template", "/admin/templates/order-shipped"), ("template-new", "/admin/new-template"),
            ("users", "/admin/users"), ("user", $"/admin/users/{some.User}"), ("user-devices", $"/admin/users/{some.User}?tab=devices"),
            ("user-preferences", $"/admin/users/{some.User}?tab=preferences"), ("user-consent", $"/admin/users/{some.User}?tab=consent"),
            ("user-messages", $"/admin/users/{some.User}?tab=messages"), ("blocked", "/admin/blocked"), ("suppressions", "/admin/suppressions"),
            ("categories", "/admin/categories"), ("category", "/admin/categories/offers"),
            ("providers", "/admin/providers"), ("provider-new", "/admin/new-provider"),
            ("keys", "/admin/keys"), ("people", "/admin/people"), ("me", "/admin/me"), ("webhooks", "/admin/webhooks"), ("audit", "/admin/audit"),
            ("settings", "/admin/settings"), ("inbox", "/admin/inbox"),
            ("campaigns", "/admin/campaigns"), ("campaigns-calendar", "/admin/campaigns/calendar"), ("campaign-new", "/admin/campaigns/new"),
            ("campaign-audience", $"/admin/campaigns/{reports.Tested}/audience"), ("campaign-content", $"/admin/campaigns/{reports.Tested}/content"),
            ("campaign-schedule", $"/admin/campaigns/{reports.Tested}/schedule"), ("campaign-review", $"/admin/campaigns/{reports.Tested}/review"),
            ("report", $"/admin/campaigns/{reports.Running}"), ("report-tested", $"/admin/campaigns/{reports.Tested}"), ("report-recipients", $"/admin/campaigns/{reports.Small}/recipients"),
            ("segments", "/admin/segments"), ("segment-new", "/admin/new-segment"), ("list-new", "/admin/new-segment?kind=list"),
            ("segment", "/admin/segments/seg_01990000000070008000000000000001"), ("list", "/admin/segments/seg_01990000000070008000000000000004"),
        ];
    }

    public Task DisposeAsync() => server.DisposeAsync();

    private static class Sql
    {
        public const string Something = """
            select d.message_id, m.user_id, d.fingerprint
            from dead_letters d
            join messages m on m.id = d.message_id
            where d.channel = 'sms'
            order by d.failed_at desc
            limit 1
            """;
    }
}
