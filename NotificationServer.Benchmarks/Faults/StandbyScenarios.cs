using System.Net;
using Dapper;
using Npgsql;

namespace NotificationServer.Benchmarks.Faults;

/// PostgreSQL is lost for good, and its standby takes over. The nodes know both by their connection string and find the one that takes writes.
internal static class StandbyScenarios
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F12", "failover to a synchronous standby", (trial, ct) => FailsOverAsync(trial, isSynchronous: true, ct)) { NeedsPostgres = true, NeedsStandby = true, MayDuplicate = true },
        new("F12.async", "failover to an asynchronous standby that is a second behind", (trial, ct) => FailsOverAsync(trial, isSynchronous: false, ct))
        {
            NeedsPostgres = true, NeedsStandby = true, MayDuplicate = true, MayLose = true,
        },
    ];

    private static async Task FailsOverAsync(Trial trial, bool isSynchronous, CancellationToken ct)
    {
        if (trial.Arena is not { Postgres: { } primary, Options.StandbyPort: not null })
        {
            trial.NotRun = "needs a PostgreSQL of its own, and a standby";
            return;
        }
        var standby = await trial.Arena.AddStandbyAsync(ct);
        if (isSynchronous) await RequireStandbyAsync(trial, ct);
        var wanted = isSynchronous ? "sync" : "async";
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<string?>(Sql.SyncState, ct) == wanted, Soon, ct), $"the standby did not follow as {wanted}");

        var load = trial.PostAsync(trial.Mixed(Math.Max(trial.Scale.Events, 3000)), ct);
        trial.Demand(await Until.TrueAsync(() => trial.Client.Answered(HttpStatusCode.Accepted) > trial.Scale.Events / 2, Soon, ct), "there was no load to lose the database under");
        // A standby in another place is behind by its way; here, on one machine, that has to be made.
        if (!isSynchronous) await StallAsync(trial, standby, ct);
        var since = TimeProvider.System.GetTimestamp();
        await primary.StopAsync("immediate", ct);
        await standby.PromoteAsync(ct);
        trial.Measured("promoted_s", TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        trial.FaultOver(ct);
        trial.Demand(
            await Until.TrueAsync(async () => await trial.Arena.Nodes[0].IsReadyAsync(ct) && await trial.Arena.Nodes[1].IsReadyAsync(ct), TimeSpan.FromSeconds(15), ct),
            "not ready 15 s after the standby had taken over");
        trial.Measured("failover_s", TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        await load;
        trial.Demand(await trial.AskAsync<bool>("select held_at is null from instance", ct), "sending was held although the standby lacked next to nothing");
        trial.Measured("answers_503", trial.Client.Answered(HttpStatusCode.ServiceUnavailable));
    }

    private static async Task RequireStandbyAsync(Trial trial, CancellationToken ct)
    {
        await using var connection = await trial.Arena.Db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.RequireStandby, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition("select pg_reload_conf()", cancellationToken: ct));
    }

    /// What is committed from now on never gets there. Its receiver is not merely stopped: the kernel would keep what comes for it.
    private static async Task StallAsync(Trial trial, Standby standby, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(trial.Arena.Address.ConnectionString) { Port = standby.Port, Pooling = false }.ConnectionString);
        await connection.ExecuteAsync(new CommandDefinition(Sql.HearNobody, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition("select pg_reload_conf()", cancellationToken: ct));
        trial.Demand(
            await Until.TrueAsync(async () => await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.HearsNobody, cancellationToken: ct)), Soon, ct),
            "the standby went on hearing the primary, so that it was not behind");
        await Task.Delay(TimeSpan.FromSeconds(1), ct); // how far it is behind is the fault
    }

    private static class Sql
    {
        public const string SyncState = "select max(sync_state) from pg_stat_replication where state = 'streaming'";
        public const string RequireStandby = "alter system set synchronous_standby_names = '*'";
        public const string HearNobody = "alter system set primary_conninfo = ''";
        public const string HearsNobody = "select not exists (select from pg_stat_wal_receiver)";
    }
}
