using Dapper;
using NotificationServer.Delivery.Gates;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Delivery.Gates;

/// Two nodes, one database, one provider account a test.
public sealed class GateStoreTests(Database database) : IClassFixture<Database>
{
    private static readonly GatesOptions Options = new() { OpenFor = TimeSpan.FromSeconds(30), OpenAtMost = TimeSpan.FromSeconds(100) };
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string account = $"a_{Guid.CreateVersion7():N}";
    private readonly GateStore one = Node(database), other = Node(database);

    [Fact]
    public async Task What_one_node_was_asked_for_closes_the_gate_for_the_other()
    {
        await one.QuietAsync(account, TimeSpan.FromSeconds(40), "429", None);

        var admission = await Ask(other);

        Assert.Equal(AdmissionKind.Closed, admission.Kind);
        Assert.InRange(admission.Wait.TotalSeconds, 25, 44);
    }

    [Fact]
    public async Task A_shorter_wait_never_opens_the_gate_earlier()
    {
        await one.QuietAsync(account, TimeSpan.FromSeconds(40), "429", None);
        await other.QuietAsync(account, TimeSpan.FromSeconds(1), "429", None);

        Assert.InRange((await Ask(one)).Wait.TotalSeconds, 25, 44);
    }

    [Fact]
    public async Task Two_nodes_that_see_the_same_outage_close_the_account_once()
    {
        var closed = await Task.WhenAll(one.OpenBreakerAsync(account, "outage", None), other.OpenBreakerAsync(account, "outage", None));

        Assert.Single(closed, true);
        Assert.Equal(AdmissionKind.Closed, (await Ask(one)).Kind);
    }

    [Fact]
    public async Task Nobody_probes_before_the_time_is_over()
    {
        await one.OpenBreakerAsync(account, "outage", None);

        Assert.False(await other.TakeProbeAsync(account, None));
    }

    [Fact]
    public async Task Of_many_nodes_that_want_to_probe_exactly_one_may()
    {
        await GivenProbeIsDue();

        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Node(database).TakeProbeAsync(account, None)));

        Assert.Single(taken, true);
        Assert.Equal(AdmissionKind.Closed, (await Ask(other)).Kind);
    }

    [Fact]
    public async Task A_probe_that_succeeds_opens_the_account_for_all()
    {
        await GivenProbeIsDue();
        Assert.True(await one.TakeProbeAsync(account, None));

        Assert.True(await one.ProbeSucceededAsync(account, None));

        Assert.Equal(AdmissionKind.Open, (await Ask(other)).Kind);
    }

    [Fact]
    public async Task Each_probe_that_fails_doubles_the_wait_up_to_the_limit()
    {
        await GivenProbeIsDue();
        foreach (var seconds in new[] { 60, 100, 100 })
        {
            Assert.True(await one.TakeProbeAsync(account, None));
            Assert.True(await one.ProbeFailedAsync(account, "still out", None));
            Assert.InRange((await Ask(other)).Wait.TotalSeconds, seconds - 15, seconds);
            await LetTimePass();
        }
    }

    [Fact]
    public async Task A_node_that_died_with_the_probe_is_passed_over_and_its_late_word_counts_for_nothing()
    {
        await GivenProbeIsDue();
        Assert.True(await one.TakeProbeAsync(account, None));
        await Execute("update provider_gates set probe_until = now() - interval '1 second' where account = @account");

        Assert.True(await other.TakeProbeAsync(account, None));

        Assert.False(await one.ProbeSucceededAsync(account, None));
        Assert.False(await one.ProbeFailedAsync(account, "late", None));
        Assert.True(await other.ProbeSucceededAsync(account, None));
    }

    private async Task GivenProbeIsDue()
    {
        await one.OpenBreakerAsync(account, "outage", None);
        await LetTimePass();
    }

    private Task LetTimePass() => Execute("update provider_gates set open_until = now() - interval '1 second' where account = @account");

    private async Task<Admission> Ask(GateStore store)
    {
        var picture = await store.ReadAsync(None);
        return picture.Rows[account].At(picture.Now);
    }

    private async Task Execute(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, new { account });
    }

    private static GateStore Node(Database database) => new(database.Source, new NodeIdentity(), Microsoft.Extensions.Options.Options.Create(Options));
}
