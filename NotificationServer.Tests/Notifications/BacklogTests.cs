using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Queue;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// Too much waiting in a channel: what is asked of it is refused whole, and critical messages later than the rest.
public sealed class BacklogTests : IAsyncLifetime
{
    private readonly Database database = new();
    private ServerHost server = null!; // xunit initialises before any test

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Roles"] = "api,admin", ["Intake:MaxBacklog"] = "20", ["Intake:CriticalMargin"] = "20",
        }, database);
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)server).DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_full_channel_refuses_single_and_batch_posts_whole_and_other_channels_go_on()
    {
        await FillAsync("email", 25);

        using var refused = await server.Client.SendAsync("POST /v1/notifications", Mail("orders"));
        await ProblemAssert.IsAsync(refused, 503, "queue_full");
        Assert.NotNull(refused.Headers.RetryAfter);
        await server.Client.RefusesAsync("POST /v1/notifications:batch", $$"""{"items":[{{Sms}},{{Mail("orders")}}]}""", 503, "queue_full");
        await server.Client.JsonAsync("POST /v1/notifications", Mail("security"));
        await server.Client.JsonAsync("POST /v1/notifications", Sms);

        await using var connection = await database.Source.OpenConnectionAsync();
        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*) from notifications"));

        await FillAsync("email", 45);
        await server.Client.RefusesAsync("POST /v1/notifications", Mail("security"), 503, "queue_full");
    }

    [Fact]
    public async Task When_the_backlog_is_gone_it_is_accepted_again()
    {
        await FillAsync("email", 25);
        await server.Client.RefusesAsync("POST /v1/notifications", Mail("orders"), 503, "queue_full");

        await ExecuteAsync("delete from jobs");

        await Eventually.IsTrueAsync(async () => (await server.Client.SendAsync("POST /v1/notifications", Mail("orders"))).IsSuccessStatusCode);
    }

    private const string Sms = """{"to":[{"phone":"+15550100"}],"channels":["sms"],"content":{"text":"x"}}""";

    private static string Mail(string category) => $$$"""{"to":[{"email":"ann@example.org"}],"channels":["email"],"category":"{{{category}}}","content":{"subject":"a","text":"b"}}""";

    /// An idle connection would keep its statistics to itself for ten seconds.
    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
        await connection.ExecuteAsync("select pg_stat_force_next_flush()");
    }

    private async Task FillAsync(string channel, int jobs)
    {
        await ExecuteAsync("insert into jobs (channel, id, lane, run_at) select @channel, gen_random_uuid(), 1, now() from generate_series(1, @jobs - (select count(*) from jobs where channel = @channel))", new { channel, jobs });
        await Eventually.IsTrueAsync(() => server.Services.GetRequiredService<Backlog>().Of(channel) >= jobs);
    }
}
