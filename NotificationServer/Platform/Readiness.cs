using Dapper;
using Npgsql;

namespace NotificationServer.Platform;

/// Whether this node should get traffic: it is not stopping, its database takes writes, and the schema is one it knows.
internal sealed class Readiness(NpgsqlDataSource db, Migrator migrator, IHostApplicationLifetime lifetime, TimeProvider clock) : IDisposable
{
    // Anybody may ask, as often as they like: the database is asked once a second.
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);
    private (bool Ready, long At)? last;

    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return false;

        await gate.WaitAsync(ct);
        try
        {
            if (last is not { } known || clock.GetElapsedTime(known.At) > GoodFor)
                last = known = (await AskAsync(ct), clock.GetTimestamp());
            return known.Ready;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<bool> AskAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.TakesWrites, cancellationToken: ct))
                && await migrator.IsCurrentAsync(ct);
        }
        catch (NpgsqlException)
        {
            return false; // the pool has logged why
        }
    }

    internal static class Sql
    {
        public const string TakesWrites = "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'";
    }
}
