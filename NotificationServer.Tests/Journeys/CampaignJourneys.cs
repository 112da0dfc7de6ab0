using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// A campaign on two whole servers, from its hour to the last inbox.
public sealed class CampaignJourneys : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Brisk = new()
    {
        ["CampaignRuns:BatchSize"] = "20",
        ["CampaignRuns:SliceSize"] = "100",
        ["CampaignRuns:Poll"] = "00:00:00.05",
        ["CampaignRuns:Tend"] = "00:00:00.1",
        ["Queue:Poll"] = "00:00:00.05",
    };

    private ServerHost one = null!; // xunit initialises before any test
    private ServerHost two = null!;

    public async Task InitializeAsync()
    {
        one = await ServerHost.StartAsync(Environments.Development, Brisk);
        two = await ServerHost.StartAsync(Environments.Development, Brisk, one.Database);
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)two).DisposeAsync();
        await ((IAsyncLifetime)one).DisposeAsync();
    }

    [Fact]
    public async Task Two_nodes_make_one_campaign_and_everybody_finds_it_in_their_inbox_once_though_it_was_held_meanwhile()
    {
        var campaign = await GivenDueAsync(people: 400);
        await Eventually.IsTrueAsync(async () => await AskAsync<long>("select coalesce(sum(expanded), 0)::bigint from campaign_runs") > 0);
        await DoAsync(connection => RunSwitch.PauseAsync(connection, campaign, "staff:ada@example.org", "a moment", CancellationToken.None));
        // Both have heard of it when nothing that they were doing with it is left.
        await Eventually.IsTrueAsync(async () => await AskAsync<long>("select count(*) from jobs where run_at < '2900-01-01'") == 0);
        var sent = await AskAsync<long>("select count(*) from messages where status = 'sent'");
        Assert.Equal(sent, await AskAsync<long>("select count(*) from inbox"));

        await DoAsync(connection => RunSwitch.ResumeAsync(connection, campaign, CancellationToken.None));
        await Eventually.IsTrueAsync(async () => await AskAsync<string>("select status from campaigns") == "completed");

        Assert.Equal((400, 400), await AskAsync<(long, long)>("select count(*), count(distinct address) from inbox"));
        Assert.Equal((400, 400, 400), await AskAsync<(int, int, int)>("select audience, addressed, messages from campaign_runs"));
        Assert.Equal(400, await AskAsync<long>("select sum(count)::bigint from campaign_books where metric = 'sent'"));
    }

    private async Task<Guid> GivenDueAsync(int people)
    {
        var id = Guid.CreateVersion7();
        var plan = new CampaignPlan { Template = "spring", TemplateVersion = 1, Channels = ["email"] };
        await using var connection = await one.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into templates (key, name, category, published) values ('spring', 'Spring', 'account', 1);
            insert into template_versions (template, version, parts, created_by) values ('spring', 1, '{"email": {"subject": "Spring", "text": "It is here."}}', 'test');
            insert into users (id, email) select 'u' || n, 'person' || n || '@example.org' from generate_series(1, @people) n;
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by, next_run_at)
            values (@id, '00000000-0000-0000-0000-000000000000', 'Spring', 'scheduled', @plan::jsonb, 'test', 'test', now())
            """, new { id, people, plan = plan.ToJson() });
        return id;
    }

    private async Task DoAsync(Func<Npgsql.NpgsqlConnection, Task> step)
    {
        await using var connection = await one.Database.Source.OpenConnectionAsync();
        await step(connection);
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = await one.Database.Source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql);
    }
}
