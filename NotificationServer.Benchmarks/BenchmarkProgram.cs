namespace NotificationServer.Benchmarks;

internal static class BenchmarkProgram
{
    public static Task<int> Main(string[] args) => Task.FromResult(args.Length);
}
