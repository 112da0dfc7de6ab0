using Dapper;
using NotificationServer.Benchmarks.Fuzz;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api;

/// A small share of `./bench fuzz`, the same in every run. The server here takes requests in and sends nothing.
[Bar("S37", "S11")]
public sealed class FuzzTests : IAsyncLifetime
{
    private readonly ServerHost server = new("Development", new Dictionary<string, string?> { ["Roles"] = "api" });

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => ((IAsyncLifetime)server).DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public async Task Whatever_is_asked_the_answer_is_no_fault_of_ours_and_what_is_refused_leaves_nothing_behind(int seed)
    {
        await FuzzCommand.PrepareAsync(server.Client, CancellationToken.None);
        var watch = new TableWatch(server.Database.Source);
        var fuzzer = new Fuzzer(server.Client, await Contract.ReadAsync(server.Client, CancellationToken.None), seed, watch);

        var report = await fuzzer.RunAsync(700, CancellationToken.None);

        Violations.None(report.Findings);
        Violations.None(await watch.HalvesAsync(fuzzer.Answered, CancellationToken.None));
        Violations.None(server.Log.Errors);
        Assert.Equal(700, report.Requests);
        Assert.True(report.RoutesTaken > report.Routes / 3, report.Line);
        Assert.True(report.Compared > 20, report.Line);
    }

    [Fact]
    public async Task A_row_that_a_refused_request_left_behind_would_be_seen()
    {
        var watch = new TableWatch(server.Database.Source);
        var before = await watch.LookAsync(CancellationToken.None);
        Assert.Equal(before, await watch.LookAsync(CancellationToken.None));

        await server.GivenUserAsync("left-behind");
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into event_dedup (client_id, event_id, request_hash, notification_id) select gen_random_uuid(), 'half', '\\x00', gen_random_uuid()");

        var after = await watch.LookAsync(CancellationToken.None);
        Assert.Contains("users", after.Where(one => before[one.Key] != one.Value).Select(one => one.Key));
        Assert.Contains("an event without its notification: half", await watch.HalvesAsync([], CancellationToken.None));
    }
}
