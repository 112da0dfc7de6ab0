using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns.Runs;

/// A server that does nothing by itself: the tests take each step of a run, and see what is there between two of them.
public sealed class RunWorld : IAsyncLifetime
{
    public const string Template = "spring-sale";

    private readonly ServerHost server = new("Development", new Dictionary<string, string?>
    {
        ["Roles"] = "api",
        ["CampaignRuns:BatchSize"] = "10",
        ["CampaignRuns:SliceSize"] = "25",
        ["CampaignRuns:FailuresCountFrom"] = "20",
        ["CampaignRuns:Tend"] = "00:00:00.01",
    });

    public T Get<T>() where T : notnull => server.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        await DoAsync(Sql.Words);
    }

    public Task DisposeAsync() => server.DisposeAsync();

    public async Task DoAsync(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<T> AskAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }

    /// So many people and no others, each with a mailbox: u0001, u0002 ...
    public Task GivenPeopleAsync(int count) => DoAsync(Sql.People, new { count });

    /// A campaign that is due, to everybody by mail unless the plan says otherwise.
    internal async Task<Guid> GivenDueAsync(Func<CampaignPlan, CampaignPlan>? with = null, DateTimeOffset? at = null)
    {
        var plan = new CampaignPlan { Template = Template, TemplateVersion = 1, Channels = ["email"] };
        var id = Guid.CreateVersion7();
        await DoAsync(Sql.Campaign, new { id, name = $"Spring {id:N}", plan = (with?.Invoke(plan) ?? plan).ToJson(), at });
        return id;
    }

    internal Task<bool> BeginAsync() => Get<RunStarter>().RunOnceAsync(CancellationToken.None);

    internal Task<bool> ExpandOnceAsync() => Get<Expander>().RunOnceAsync(CancellationToken.None);

    /// Looks after all runs now, however lately that was done.
    internal async Task<bool> TendAsync()
    {
        var runs = await AskAsync<int>("with due as (update campaign_runs set tend_at = now() where phase <> 'ended' returning 1) select count(*)::integer from due");
        for (var i = 0; i < runs; i++) await Get<RunTender>().RunOnceAsync(CancellationToken.None);
        return runs > 0;
    }

    /// Until all that can be done for now is done.
    internal async Task DriveAsync()
    {
        for (var quiet = 0; quiet < 3;)
        {
            var before = await AskAsync<string>(Sql.Picture);
            await BeginAsync();
            await TendAsync();
            while (await ExpandOnceAsync())
            {
            }
            quiet = before == await AskAsync<string>(Sql.Picture) ? quiet + 1 : 0;
        }
    }

    internal Task<RunRow> RunOfAsync(Guid campaign) => AskAsync<RunRow>(Sql.Run, new { campaign });

    internal Task<string> StatusOfAsync(Guid campaign) => AskAsync<string>("select status from campaigns where id = @campaign", new { campaign });

    /// Each has one message exactly, and nobody else has any.
    internal async Task AssertExactlyOnceAsync(Guid campaign)
    {
        var (missing, extra, strangers) = await AskAsync<(long, long, long)>(Sql.Exactly, new { campaign });
        Assert.Equal((0, 0, 0), (missing, extra, strangers));
    }

    /// The sum of each of the books is the other's.
    internal async Task AssertAddsUpAsync(Guid campaign)
    {
        var run = await RunOfAsync(campaign);
        Assert.Equal(run.Expanded, run.Addressed + run.Excluded);
        var (accepted, now, rows) = await AskAsync<(long, long, long)>(Sql.Counted, new { run = run.Id });
        Assert.Equal((run.Messages, run.Messages, run.Messages), (accepted, now, rows));
    }

    /// What waits and is due is taken by a provider, as the workers would write it; each n-th fails instead.
    internal Task SendAllAsync(int failEach = 0) => DoAsync(Sql.Send, new { failEach });

    internal Task FoldAsync() => Get<IEnumerable<ISweep>>().OfType<CountRollup>().Single().RunOnceAsync(CancellationToken.None);

    internal sealed class RunRow
    {
        public required Guid Id { get; init; }
        public required string Phase { get; init; }
        public string? Outcome { get; init; }
        public string? Problem { get; init; }
        public string? PauseReason { get; init; }
        public required int Audience { get; init; }
        public required int Expanded { get; init; }
        public required int Addressed { get; init; }
        public required int Excluded { get; init; }
        public required int Withdrawn { get; init; }
        public required int Messages { get; init; }
        public required int Missing { get; init; }
        public short? Winner { get; init; }
        public required DateTimeOffset NextAt { get; init; }
    }

    private static class Sql
    {
        public const string Words = """
            insert into templates (key, name, category, published) values ('spring-sale', 'Spring sale', 'account', 1), ('spring-other', 'Spring sale', 'account', 1);
            insert into template_versions (template, version, parts, created_by)
            select key, 1, '{"email": {"subject": "Spring", "text": "It is here."}, "push": {"title": "Spring", "body": "It is here."}}', 'test'
            from templates where key like 'spring-%'
            """;

        public const string People = """
            delete from users;
            insert into users (id, email, locale)
            select 'u' || lpad(n::text, 4, '0'), 'person' || n || '@example.org', 'en' from generate_series(1, @count) n
            """;

        public const string Campaign = """
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by, next_run_at)
            values (@id, '00000000-0000-0000-0000-000000000000', @name, 'scheduled', @plan::jsonb, 'test', 'test', coalesce(@at::timestamptz, now()))
            """;

        public const string Picture = """
            select concat_ws(' ', (select string_agg(concat_ws('/', phase, outcome, gathered_to, expanded, withdrawn, verified_to, verified_at, withdrawn_to, next_at), ';' order by id) from campaign_runs),
                (select string_agg(status, ';' order by id) from campaigns), (select count(*) from messages), (select count(*) from jobs))
            """;

        public const string Run = """
            select id, phase, outcome, problem, pause_reason, audience, expanded, addressed,
                coalesce((select sum(value::integer) from jsonb_each_text(excluded)), 0)::integer as excluded, withdrawn, messages, missing, winner, next_at
            from campaign_runs where campaign_id = @campaign
            """;

        public const string Exactly = """
            with run as (select id from campaign_runs where campaign_id = @campaign),
            got as (select user_id, channel, device_id, count(*) as n from messages where campaign_run_id = (select id from run) group by 1, 2, 3)
            select (select count(*) from campaign_recipients r where r.run_id = (select id from run) and not exists (select from got where got.user_id = r.user_id)),
                (select coalesce(sum(n - 1), 0)::bigint from got),
                (select count(*) from got where not exists (select from campaign_recipients r where r.run_id = (select id from run) and r.user_id = got.user_id))
            """;

        public const string Counted = """
            select coalesce(sum(count) filter (where metric = 'accepted'), 0)::bigint,
                coalesce(sum(count) filter (where metric in ('queued', 'sent', 'delivered', 'bounced', 'failed', 'suppressed', 'expired', 'cancelled')), 0)::bigint,
                (select count(*) from messages where campaign_run_id = @run)
            from campaign_books where run_id = @run
            """;

        public const string Send = """
            with due as (
                delete from jobs where run_at <= now() returning id
            ), placed as (
                select id, row_number() over (order by id) as n from due
            )
            update messages m
            set status = case when @failEach > 0 and p.n % greatest(@failEach, 1) = 0 then 'failed' else 'sent' end,
                reason = case when @failEach > 0 and p.n % greatest(@failEach, 1) = 0 then 'It failed.' end,
                sent_at = case when @failEach > 0 and p.n % greatest(@failEach, 1) = 0 then null else now() end, provider = 'test', updated_at = now()
            from placed p where m.id = p.id
            """;
    }
}
