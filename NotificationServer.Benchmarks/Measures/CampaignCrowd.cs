using NotificationServer.Benchmarks.Parts;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Benchmarks.Measures;

/// So many people with two devices each, and campaigns to all of them.
internal static class CampaignCrowd
{
    public const string Words = "bench-campaign";

    public static async Task SettleAsync(Arena arena, int people, CancellationToken ct)
    {
        await arena.ExecuteAsync(Sql.Nobody, null, ct);
        await arena.ExecuteAsync(Sql.People, new { people }, ct);
        await arena.ExecuteAsync(Sql.Devices, null, ct);
        await arena.ExecuteAsync(Sql.WordsOf, null, ct);
        await arena.ExecuteAsync("vacuum analyze users", null, ct);
        await arena.ExecuteAsync("vacuum analyze devices", null, ct);
        await arena.ExecuteAsync("analyze preferences, blocks, suppressions, messages, jobs", null, ct);
    }

    /// Due at once.
    public static async Task<Guid> LaunchAsync(Arena arena, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        var plan = new CampaignPlan { Template = Words, TemplateVersion = 1, Channels = ["ios_push", "android_push"], OnError = OnError.Skip };
        await arena.ExecuteAsync(Sql.Launch, new { id, name = $"Campaign {id:N}", plan = plan.ToJson() }, ct);
        return id;
    }

    internal static class Sql
    {
        public const string Nobody = "delete from users";

        public const string People = """
            insert into users (id, email, phone, locale, time_zone)
            select 'c' || lpad(n::text, 7, '0'), null, null, 'en', 'Europe/Berlin'
            from generate_series(1, @people::integer) n
            """;

        public const string Devices = """
            insert into devices (user_id, id, platform, push_provider, token)
            select u.id, kind.platform, kind.platform, kind.provider,
                case kind.platform when 'ios' then md5(u.id) || md5(u.id || '2') else kind.platform || '-' || md5(u.id) || md5(u.id || '2') end
            from users u
            cross join (values ('ios', 'apns'), ('android', 'fcm')) as kind(platform, provider)
            order by u.id
            """;

        public const string WordsOf = """
            insert into templates (key, name, category, published) values ('bench-campaign', 'Spring sale', 'offers', 1);
            insert into template_versions (template, version, parts, created_by) values ('bench-campaign', 1, '{"push": {"title": "Spring sale", "body": "It is here."}}', 'benchmark')
            """;

        public const string Launch = """
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by, next_run_at)
            values (@id, '00000000-0000-0000-0000-000000000000', @name, 'scheduled', @plan::jsonb, 'benchmark', 'benchmark', now())
            """;
    }
}
