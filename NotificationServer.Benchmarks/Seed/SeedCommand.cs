using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Benchmarks.Seed;

/// `./bench seed`: fills the database that `./run` opens next, so that every page can be looked at with a month of data.
internal static class SeedCommand
{
    private const string Usage = """
        Usage: ./bench seed [--users N] [--messages N] [--quick]

        Stores a million people and five million messages (--quick: a fiftieth) in the empty database that ConnectionStrings__Default names,
        else in the one of ./run (NS_DATA_DIR, or .data), which must not be running meanwhile.
        """;

    public static async Task<int> RunAsync(string[] arguments, string? connectionString, string dataFolder, CancellationToken ct)
    {
        var plan = SeedPlan.Parse(new CommandLine(arguments, Usage, ["--quick"], ["--users", "--messages"]));
        await using var embedded = connectionString is { Length: > 0 } ? null
            : new EmbeddedPostgres(new DataDirectory(dataFolder), TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);
        try
        {
            if (embedded is not null) await embedded.StartAsync(ct);
            var address = connectionString is { Length: > 0 } ? connectionString : embedded!.ConnectionString; // one of the two
            await FillAsync(address, plan, ct);
            Console.WriteLine($"Stored {plan.Users:#,0} people and {plan.Messages:#,0} messages. Look at them: ./run");
            return 0;
        }
        catch (Exception problem) when (problem is StartupException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
    }

    public static async Task FillAsync(string connectionString, SeedPlan plan, CancellationToken ct)
    {
        await using (await LocalNode.StartAsync(connectionString, delivers: false, TimeSpan.Zero, ct)) { } // migrates
        await using var db = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 3600, ApplicationName = "seed" }.ConnectionString);
        await new Seeder(db, plan, Console.WriteLine).RunAsync(ct);
    }
}
