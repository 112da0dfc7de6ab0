using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks;

internal static class BenchmarkProgram
{
    public static Task<int> Main(string[] args) => args is ["faults", .. var rest]
        ? FaultsCommand.RunAsync(rest, CancellationToken.None)
        : Task.FromResult(2);
}
