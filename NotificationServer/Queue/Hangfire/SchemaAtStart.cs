using Dapper;
using Hangfire.PostgreSql;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// Lets Hangfire make its schema, one node at a time, before anything of it is used.
internal sealed class SchemaAtStart(NpgsqlDataSource db, Connections connections) : IHostedService
{
    public const string Name = "hangfire";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var mine = await db.OpenConnectionAsync(cancellationToken);
        await using var turn = await mine.BeginTransactionAsync(cancellationToken);
        await mine.ExecuteAsync(new CommandDefinition(Sql.TakeTurn, commandTimeout: 60, cancellationToken: cancellationToken));
        await using var connection = connections.GetOrCreateConnection();
        await connection.OpenAsync(cancellationToken);
        PostgreSqlObjectsInstaller.Install(connection, Name);
        // Its scripts set a search path for the session and leave it there.
        await connection.ExecuteAsync(new CommandDefinition(Sql.OwnSearchPath, cancellationToken: cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static class Sql
    {
        public const string TakeTurn = "select pg_advisory_xact_lock(hashtextextended('notification-server hangfire schema', 0))";

        public const string OwnSearchPath = "reset search_path";
    }
}
