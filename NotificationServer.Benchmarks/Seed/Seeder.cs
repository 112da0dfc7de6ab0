using System.Diagnostics;
using Dapper;
using Npgsql;

namespace NotificationServer.Benchmarks.Seed;

/// A month of a busy server: people with names in many scripts, what they were sent, and all that can go wrong with it. By the same
/// tables and triggers as the real thing, so that every page and every count tells the truth about it.
internal sealed class Seeder(NpgsqlDataSource db, SeedPlan plan, Action<string> say)
{
    private const int Chunk = 250_000;

    public async Task RunAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(SeedSql.HoldsMessages, cancellationToken: ct)))
            throw new InvalidOperationException("This database holds messages already. Only an empty one is filled: NS_DATA_DIR or ConnectionStrings__Default names another.");

        await StepAsync("templates, clients and a month of partitions", SeedSql.Ground);
        await StepAsync($"{plan.Users:#,0} people", SeedSql.Users);
        await StepAsync("their devices", SeedSql.Devices);
        await StepAsync("what they want, and who must not be written to", SeedSql.Wishes);
        for (var from = 0; from < plan.Messages; from += Chunk)
        {
            var to = Math.Min(from + Chunk, plan.Messages);
            await StepAsync($"{to:#,0} of {plan.Messages:#,0} messages", SeedSql.Notifications + ";" + SeedSql.Messages + ";" + SeedSql.Attempts, from, to);
        }

        await StepAsync("what failed, and what waits", SeedSql.Failures + ";" + SeedSql.Jobs + ";" + SeedSql.Trail);
        await StepAsync("vacuum analyze", "vacuum (analyze)");

        async Task StepAsync(string what, string sql, int from = 0, int to = 0)
        {
            var started = Stopwatch.GetTimestamp();
            await connection.ExecuteAsync(new CommandDefinition(
                sql, new { users = plan.Users, messages = plan.Messages, from, to }, commandTimeout: 3600, cancellationToken: ct));
            say($"  {what} ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
        }
    }
}
