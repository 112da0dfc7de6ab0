using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Platform;

/// Where heavy reading goes: to a read replica, if there is one (`ConnectionStrings:Reports`) and it is not too far behind, else to the database itself.
/// What is read there may be a moment old, and nothing can be written there.
internal sealed class ReportsDatabase(
    NpgsqlDataSource db, IConfiguration configuration, IOptions<DatabaseOptions> options, TimeProvider clock, ILogger<ReportsDatabase> log) : IAsyncDisposable
{
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource? replica = Open(configuration.GetConnectionString("Reports"), options.Value);
    private long avoidedSince; // 0: it is not
    private long behindTicks = -1;

    /// How far the replica was behind when it was last read from; null: it was not.
    public TimeSpan? Behind => Interlocked.Read(ref behindTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    public async Task<NpgsqlConnection> OpenConnectionAsync(CancellationToken ct) => await FromReplicaAsync(ct) ?? await db.OpenConnectionAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (replica is not null) await replica.DisposeAsync();
    }

    private async Task<NpgsqlConnection?> FromReplicaAsync(CancellationToken ct)
    {
        if (replica is null || (Interlocked.Read(ref avoidedSince) is not 0 and var since && clock.GetElapsedTime(since) < AskedAgainAfter)) return null;
        NpgsqlConnection? connection = null, given = null;
        try
        {
            connection = await replica.OpenConnectionAsync(ct);
            var behind = await connection.ExecuteScalarAsync<TimeSpan>(new CommandDefinition(Sql.Behind, cancellationToken: ct));
            if (behind <= options.Value.ReportsMaxLag)
            {
                Interlocked.Exchange(ref avoidedSince, 0);
                Interlocked.Exchange(ref behindTicks, behind.Ticks);
                return given = connection;
            }
            Log.ReplicaBehind(log, behind);
        }
        catch (NpgsqlException e)
        {
            Log.ReplicaAway(log, e);
        }
        finally
        {
            // Also when whoever asked has gone meanwhile: the pool would be short of it from then on.
            if (given is null && connection is not null) await connection.DisposeAsync();
        }
        Interlocked.Exchange(ref avoidedSince, clock.GetTimestamp());
        Interlocked.Exchange(ref behindTicks, -1);
        return null;
    }

    private static NpgsqlDataSource? Open(string? address, DatabaseOptions options)
    {
        if (string.IsNullOrEmpty(address)) return null;
        var said = new NpgsqlConnectionStringBuilder(address);
        // Also where somebody has named the database itself by mistake. PgBouncer takes no start-up parameters: there the role must be one that only reads.
        if (options.SendSessionLimits && string.IsNullOrEmpty(said.Options))
            said.Options = PostgresSource.SessionLimits(options) + " -c default_transaction_read_only=on";
        if (said.Host?.Contains(',', StringComparison.Ordinal) == true && said.TargetSessionAttributes is null) said.TargetSessionAttributes = "prefer-standby";
        return PostgresSource.Create(said.ConnectionString, options, name: "reports");
    }

    internal static class Sql
    {
        // Somebody writes every two seconds, so that what was written last is never old by itself.
        public const string Behind = """
            select case when pg_is_in_recovery() then coalesce(greatest(clock_timestamp() - pg_last_xact_replay_timestamp(), interval '0'), interval '1 day') else interval '0' end
            """;
    }
}
