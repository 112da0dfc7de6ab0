using System.Net;
using NotificationServer.Simulator.Faults;
using Npgsql;

namespace NotificationServer.Benchmarks.Faults;

/// What happens to PostgreSQL.
internal static class DatabaseScenarios
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F10", "PostgreSQL crashes or stops, and restarts, under load; at last it is away for longer than a lease", CrashesAsync) { NeedsPostgres = true },
        new("F11", "the answer to a commit is lost, of an intake and of a result", CommitAnswersAreLostAsync),
        new("F13", "a locked table, and no connections left", StarvesAsync) { NeedsPostgres = true },
        new("F15", "the disk is full, that of the tables, then that of the log", DiskFillsAsync) { NeedsPostgres = true, NeedsSmallDisk = true },
        new("F16", "nobody is told of new work: LISTEN is half open", NobodyListensAsync),
    ];

    private static async Task CrashesAsync(Trial trial, CancellationToken ct)
    {
        if (trial.Arena.Postgres is not { } postgres)
        {
            trial.NotRun = "needs a PostgreSQL of its own";
            return;
        }
        for (var round = 0; round <= trial.Scale.Rounds; round++)
        {
            var isLast = round == trial.Scale.Rounds;
            // Slow answers, so that many calls are under way: their results have to wait for the database.
            if (isLast) trial.Arena.Simulator.Faults.Set("twilio", new Fault { Delay = trial.Scale.Deadline / 2 });
            var load = trial.PostAsync(trial.Mixed(Math.Min(trial.Scale.Events, 1000)), ct);
            var before = trial.Client.Answered(HttpStatusCode.Accepted);
            await Until.TrueAsync(() => trial.Client.Answered(HttpStatusCode.Accepted) > before + 5, Soon, ct);
            if (isLast) await Until.TrueAsync(async () => await trial.AskAsync<int>("select count(*)::integer from jobs where state = 1", ct) > 20, trial.Scale.Deadline, ct);
            var since = TimeProvider.System.GetTimestamp();
            await postgres.StopAsync(round % 2 == 0 ? "immediate" : "fast", ct);
            if (isLast) await Task.Delay(trial.Scale.Lease * 1.2, ct); // long enough for every lease to run out
            await postgres.StartAgainAsync(ct);
            trial.Arena.Simulator.Faults.Clear("twilio");
            trial.Measured(isLast ? "long_gap_s" : "database_gap_s", TimeProvider.System.GetElapsedTime(since).TotalSeconds);
            trial.FaultOver(ct);
            await load;
            trial.Demand(await Until.TrueAsync(() => trial.Arena.Nodes[0].IsReadyAsync(ct), TimeSpan.FromSeconds(15), ct), "not ready 15 s after the database was back");
        }
        trial.Measured("answers_503", trial.Client.Answered(HttpStatusCode.ServiceUnavailable));
    }

    private static async Task CommitAnswersAreLostAsync(Trial trial, CancellationToken ct)
    {
        var proxies = trial.Arena.Nodes.Select(node => node.Database).ToList();
        var before = proxies.Sum(proxy => proxy.Struck);
        // Half of them: with fewer a small run might meet none.
        foreach (var words in new[] { "COMMIT", "insert into attempts" })
        {
            foreach (var proxy in proxies) proxy.Rules = new ProxyRules { CutAfter = words, CutProbability = 0.5 };
            var struck = proxies.Sum(proxy => proxy.Struck);
            await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
            trial.Demand(await Until.TrueAsync(() => proxies.Sum(proxy => proxy.Struck) > struck, Soon, ct), $"no answer to {words} was lost");
        }
        foreach (var proxy in proxies) proxy.Rules = ProxyRules.Pass;
        trial.FaultOver(ct);
        trial.Measured("answers_lost", proxies.Sum(proxy => proxy.Struck) - before);
    }

    private static async Task StarvesAsync(Trial trial, CancellationToken ct)
    {
        var held = trial.Scale.Outage + TimeSpan.FromSeconds(2);
        await using (var locker = await trial.Arena.Db.OpenConnectionAsync(ct))
        {
            await using var transaction = await locker.BeginTransactionAsync(ct);
            await ExecuteAsync(locker, "lock table jobs in access exclusive mode", ct);
            var load = trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
            await Task.Delay(held, ct); // how long it is locked is the fault
            await transaction.CommitAsync(ct);
            await load;
        }
        trial.Measured("slowest_answer_s", trial.Client.Latencies.Max().TotalSeconds);
        // lock_timeout is 3 s; whoever waits longer waits behind others, and should have been told to come back.
        trial.Demand(trial.Client.Latencies.Max() < TimeSpan.FromSeconds(14), $"an answer took {trial.Client.Latencies.Max().TotalSeconds:0.0} s while a table was locked");
        await ExhaustAsync(trial, ct);
        trial.FaultOver(ct);
        await trial.PostAsync(trial.Mixed(20), ct);
        trial.Demand(trial.SecondsSinceFault < 15, "not back 15 s after there were connections again");
    }

    /// Takes every connection that is left, and throws the servers out of theirs.
    private static async Task ExhaustAsync(Trial trial, CancellationToken ct)
    {
        await using var hog = new NpgsqlDataSourceBuilder(trial.Arena.Address.ConnectionString + ";Maximum Pool Size=1000;Application Name=hog").Build();
        var taken = new List<NpgsqlConnection>();
        try
        {
            while (taken.Count < 1000) taken.Add(await hog.OpenConnectionAsync(ct));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            trial.Measured("connections_taken", taken.Count);
        }
        await ExecuteAsync(taken[0], "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'notification-server'", ct);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(trial.Scale.Outage);
        await trial.Client.PostAsync(trial.NewSms(), trial.Arena.Urls, enough.Token);
        foreach (var connection in taken) await connection.DisposeAsync();
    }

    private static async Task DiskFillsAsync(Trial trial, CancellationToken ct)
    {
        if (trial.Arena is not { Postgres: { } postgres, Options: { PostgresFolder: { } data, LogFolder: { } log } })
        {
            trial.NotRun = "needs a PostgreSQL on small disks";
            return;
        }
        trial.Measured("data_full_s", await FillWhileLoadedAsync(trial, Path.Combine(data, "ballast"), () => Task.CompletedTask, ct));
        trial.Demand(postgres.IsRunning, "PostgreSQL went down although only the disk of its tables was full");
        // A log segment has room for long; new ones are asked for until there is none.
        trial.Measured("log_full_s", await FillWhileLoadedAsync(trial, Path.Combine(log, "ballast"), () => SwitchLogAsync(trial, ct), ct));
        trial.Measured("answers_503", trial.Client.Answered(HttpStatusCode.ServiceUnavailable));
    }

    /// How long it was full.
    private static async Task<double> FillWhileLoadedAsync(Trial trial, string ballast, Func<Task> push, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var load = LoadUntilAsync(trial, enough.Token, ct);
        var accepted = trial.Client.Answered(HttpStatusCode.Accepted);
        await Until.TrueAsync(() => trial.Client.Answered(HttpStatusCode.Accepted) > accepted + 10, Soon, ct);
        var refused = trial.Client.Answered(HttpStatusCode.ServiceUnavailable);
        var since = TimeProvider.System.GetTimestamp();
        Fill(ballast);
        trial.Demand(await Until.TrueAsync(async () =>
        {
            await push();
            return trial.Client.Answered(HttpStatusCode.ServiceUnavailable) > refused;
        }, Soon * 2, ct), "no request was told that nothing can be stored");
        await Task.Delay(trial.Scale.Outage, ct); // how long it stays full is the fault
        File.Delete(ballast);
        if (trial.Arena.Postgres is { IsRunning: false } postgres) await postgres.StartAgainAsync(ct);
        var seconds = TimeProvider.System.GetElapsedTime(since).TotalSeconds;
        await enough.CancelAsync();
        trial.FaultOver(ct);
        await load;
        trial.Demand(await Until.TrueAsync(() => trial.Arena.Nodes[0].IsReadyAsync(ct), TimeSpan.FromSeconds(15), ct), "not ready 15 s after there was room again");
        return seconds;
    }

    private static async Task LoadUntilAsync(Trial trial, CancellationToken end, CancellationToken ct)
    {
        while (!end.IsCancellationRequested) await trial.PostAsync(trial.Mixed(50), ct);
    }

    private static async Task SwitchLogAsync(Trial trial, CancellationToken ct)
    {
        try
        {
            await using var connection = await trial.Arena.Db.OpenConnectionAsync(ct);
            await ExecuteAsync(connection, "select pg_switch_wal()", ct);
        }
        catch (NpgsqlException)
        {
            // Down, which is what was wanted.
        }
    }

    private static void Fill(string ballast)
    {
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    private static async Task NobodyListensAsync(Trial trial, CancellationToken ct)
    {
        foreach (var node in trial.Arena.Nodes) node.Database.Rules = new ProxyRules { HalfOpenListeners = true };
        foreach (var some in trial.Mixed(Math.Min(200, trial.Scale.Events)).Chunk(5))
        {
            await trial.PostAsync(some, ct);
            await Task.Delay(trial.Scale.Poll / 4, ct); // a trickle: under load everybody is awake anyhow
        }
        trial.FaultOver(ct);
        await new Checker(trial.Arena).DrainedAsync(trial.Scale.Poll * 1.2 + TimeSpan.FromSeconds(2), ct);
        var waits = await trial.AskAsync<double>(Sql.LongestWait, ct, new { prefix = trial.Id + "-%" });
        trial.Measured("longest_wait_s", waits);
        trial.Demand(waits < (trial.Scale.Poll.TotalSeconds * 1.2) + 1, $"a message waited {waits:0.0} s although everybody polls each {trial.Scale.Poll.TotalSeconds} s");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static class Sql
    {
        public const string LongestWait = """
            select coalesce(max(extract(epoch from a.started_at - n.accepted_at)), 0)::double precision
            from notifications n join messages m on m.notification_id = n.id join attempts a on a.message_id = m.id
            where n.event_id like @prefix
            """;
    }
}
