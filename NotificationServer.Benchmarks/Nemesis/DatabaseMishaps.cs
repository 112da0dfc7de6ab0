using Npgsql;

namespace NotificationServer.Benchmarks.Nemesis;

/// What happens to PostgreSQL.
internal static class DatabaseMishaps
{
    public static IEnumerable<Mishap> All =>
    [
        new("PostgreSQL crashes (-m immediate), and is started again", Ground.Database, (stage, turn, ct) => StopAsync(stage, turn, "immediate", ct)),
        new("PostgreSQL is stopped (-m fast), and started again", Ground.Database, (stage, turn, ct) => StopAsync(stage, turn, "fast", ct)),
        new("PostgreSQL crashes three times in a row", Ground.Database, CrashAgainAndAgainAsync),
        new("every session of ours is ended", Ground.Database, EndSessionsAsync),
        new("the jobs are locked", Ground.Database, LockAsync),
    ];

    private static async Task StopAsync(Stage stage, Turn turn, string mode, CancellationToken ct)
    {
        if (stage.Arena.Postgres is not { } postgres)
        {
            turn.Detail = "not played: needs a PostgreSQL of its own";
            return;
        }
        await postgres.StopAsync(mode, ct);
        await Task.Delay(turn.Lasting / 2, ct); // as long as it is away
        await postgres.StartAgainAsync(ct);
    }

    private static async Task CrashAgainAndAgainAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        for (var i = 0; i < 3; i++)
        {
            await StopAsync(stage, turn with { Lasting = turn.Lasting / 10 }, "immediate", ct);
            await Task.Delay(turn.Lasting / 5, ct); // some work, then again
        }
    }

    private static async Task EndSessionsAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        for (var i = 0; i < 5; i++)
        {
            await stage.ExecuteAsync(Sql.EndSessions, ct);
            await Task.Delay(turn.Lasting / 5, ct);
        }
    }

    private static async Task LockAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        // The servers' own bound on an idle transaction is not this session's; a restart beside it ends it.
        try
        {
            await using var connection = await stage.Arena.Db.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand(Sql.Lock, connection, transaction);
            await command.ExecuteNonQueryAsync(ct);
            await Task.Delay(turn.Lasting / 3, ct);
            await transaction.CommitAsync(ct);
        }
        catch (NpgsqlException)
        {
            turn.Detail = "let go early";
        }
    }

    private static class Sql
    {
        public const string EndSessions = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'notification-server%' and datname = current_database()";
        public const string Lock = "lock table jobs in access exclusive mode";
    }
}
