using NotificationServer.Benchmarks;

namespace NotificationServer.Tests.Benchmarks;

/// A misspelt word must not start half an hour of something else.
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("no such measure")]
    [InlineData("faults", "--help")]
    [InlineData("faults", "F99")]
    [InlineData("faults", "F10,F99", "--small")]
    [InlineData("faults", "random", "--minute", "1")]
    [InlineData("faults", "random", "--minutes", "soon")]
    [InlineData("day", "--help")]
    [InlineData("day", "--per-second", "0")]
    [InlineData("day", "--minutes")]
    [InlineData("fuzz", "--requests", "-1")]
    [InlineData("outage", "--first", "sulks")]
    [InlineData("rates", "--rate", "50,many")]
    [InlineData("seed", "--users", "7")]
    public async Task What_a_command_does_not_know_it_refuses_before_it_does_anything(params string[] words) => Assert.Equal(2, await BenchmarkProgram.Main(words));

    [Fact]
    public void Words_are_switches_values_or_names()
    {
        var line = new CommandLine(["F10", "--small", "--minutes", "1.5", "--seed", "0"], "usage", ["--small"], ["--minutes", "--seed", "--nodes"], word => word == "F10");

        Assert.Equal(["F10"], line.Names);
        Assert.True(line.Has("--small"));
        Assert.Equal(TimeSpan.FromSeconds(90), line.Minutes("--minutes", 30));
        Assert.Equal((0, 3), (line.Number("--seed", 7, atLeast: 0), line.Number("--nodes", 3)));
    }
}
