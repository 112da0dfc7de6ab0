using NotificationServer.Benchmarks.Faults;
using Xunit.Abstractions;

namespace NotificationServer.Tests.Faults;

/// The small form of those faults that are quick and independent of the machine's pace, on real processes: nothing is lost, nothing is
/// sent twice unnoticed. `./bench faults` plays all of them, small or long. One class, because starting its nodes is most of the work.
public sealed class FaultTests(ArenaFixture fixture, ITestOutputHelper output) : IClassFixture<ArenaFixture>
{
    [Theory]
    [InlineData("F21")]
    [InlineData("F34")]
    public Task What_was_accepted_survives_bad_networks_and_clients(string fault) => HoldsAsync(fault);

    [Theory]
    [InlineData("F26")]
    [InlineData("F29")]
    public Task What_was_accepted_survives_bad_providers(string fault) => HoldsAsync(fault);

    [Theory]
    [InlineData("F11")]
    [InlineData("F13")]
    public Task What_was_accepted_survives_what_happens_to_the_database(string fault) => HoldsAsync(fault);

    [Theory]
    [InlineData("F02")]
    [InlineData("F36")]
    public Task What_was_accepted_survives_the_death_of_a_process(string fault) => HoldsAsync(fault);

    [Theory]
    [InlineData("F37")]
    public Task What_was_accepted_survives_its_operators(string fault) => HoldsAsync(fault);

    private async Task HoldsAsync(string id)
    {
        var line = await ScenarioRun.PlayAsync(Scenarios.Find(id), fixture.Arena, CancellationToken.None);
        output.WriteLine(line.ToString());
        Assert.True(line.Valid, $"{line}\n{string.Join('\n', line.Findings.Take(20))}");
    }
}
