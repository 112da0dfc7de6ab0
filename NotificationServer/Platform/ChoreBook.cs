using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Npgsql;

namespace NotificationServer.Platform;

/// What recurs by itself: when it ran last, on whichever node, and how that went. Whoever paces a chore waits here between two runs, so
/// that a person can ask for one now. It decides nothing: chores are safe to run at any moment, on several nodes at once.
internal sealed class ChoreBook(NpgsqlDataSource db, TimeProvider clock)
{
    internal sealed class Chore
    {
        public required string Name { get; init; }
        public required TimeSpan Every { get; init; }
        public DateTimeOffset? RanAt { get; init; }
        public required double TookMs { get; init; }
        public required string Node { get; init; }
        public required long Runs { get; init; }
        public required long Failures { get; init; }
        public DateTimeOffset? FailedAt { get; init; }
        public string? Problem { get; init; }
        public DateTimeOffset? AskedAt { get; init; }
        public string? AskedBy { get; init; }

        public bool Failed => FailedAt is not null && FailedAt == RanAt;
        public DateTimeOffset? NextAt => RanAt + Every;
    }

    private sealed record Run(TimeSpan Every, long At, double TookMs, string? Problem, int Runs, int Failures, DateTimeOffset? Answers);

    private sealed record Wish(string Name, DateTimeOffset AskedAt);

    // As the nodes are called, without the part that only tells processes of one number apart.
    private static readonly string Node = $"{Environment.MachineName}-{Environment.ProcessId}";

    private readonly ConcurrentDictionary<string, Run> told = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> waiting = new(StringComparer.Ordinal);

    /// Runs it and notes how it went, and which wish it answers: one heard before it began. What goes wrong is noted and goes on its way.
    public async Task<T> RunAsync<T>(string chore, TimeSpan every, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        string? problem = null;
        DateTimeOffset? answers = asked.TryRemove(chore, out var wish) ? wish : null;
        try
        {
            return await work(ct);
        }
        catch (NpgsqlException e)
        {
            // The words of PostgreSQL name tables and limits; what rows hold is in its details, which stay out.
            problem = e is PostgresException said ? $"{said.SqlState}: {said.MessageText}" : "The database did not answer.";
            throw;
        }
        finally
        {
            if (!ct.IsCancellationRequested) Note(chore, new Run(every, began, Stopwatch.GetElapsedTime(began).TotalMilliseconds, problem, 1, problem is null ? 0 : 1, answers));
        }
    }

    /// Until the pause is over, or somebody asks for one of these.
    public async Task WaitAsync(TimeSpan pause, IReadOnlyCollection<string> chores, CancellationToken ct)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(ct);
        foreach (var chore in chores) waiting[chore] = early;
        try
        {
            if (!chores.Any(asked.ContainsKey)) await Task.Delay(pause, clock, early.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            foreach (var chore in chores) waiting.TryRemove(chore, out _);
        }
    }

    /// Whether the run that is about to begin is one that a person asked for.
    public bool IsAsked(string chore) => asked.ContainsKey(chore);

    /// No run took it: the wish stays in the database, and is heard again at the next look.
    public void PutOff(string chore) => asked.TryRemove(chore, out _);

    /// Tells the database what ran here, and hears what people ask for.
    internal async Task ExchangeAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await TellAsync(connection, ct);
        foreach (var wish in await connection.QueryAsync<Wish>(new CommandDefinition(Sql.Asked, cancellationToken: ct)))
        {
            if (!waiting.TryGetValue(wish.Name, out var wait) || !asked.TryAdd(wish.Name, wish.AskedAt)) continue;
            try
            {
                await wait.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It had ended waiting by itself, and runs.
            }
        }
    }

    public async Task<IReadOnlyList<Chore>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Chore>(new CommandDefinition(Sql.Read, cancellationToken: ct))).AsList();
    }

    /// A run that begins after this, on some node. False: there is no such chore.
    public async Task<bool> AskAsync(string chore, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(Sql.Ask, new { chore, actor }, cancellationToken: ct)) == 0) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "chore.run", $"chore:{chore}"), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private void Note(string chore, Run run) => told.AddOrUpdate(chore, run, (_, before) => run with
    {
        Runs = before.Runs + 1,
        Failures = before.Failures + run.Failures,
        Answers = run.Answers ?? before.Answers,
    });

    private async Task TellAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // Taken out before it is told: what ends meanwhile is told next time. What cannot be told is not worth keeping.
        var runs = told.Keys.Select(name => told.TryRemove(name, out var run) ? (Name: name, Run: run) : default).Where(one => one.Run is not null).ToList();
        if (runs.Count == 0) return;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Tell, new
        {
            names = runs.ConvertAll(one => one.Name).ToArray(),
            every = runs.ConvertAll(one => one.Run.Every).ToArray(),
            ago = runs.ConvertAll(one => Stopwatch.GetElapsedTime(one.Run.At)).ToArray(),
            took = runs.ConvertAll(one => one.Run.TookMs).ToArray(),
            problems = runs.ConvertAll(one => one.Run.Problem).ToArray(),
            runs = runs.ConvertAll(one => one.Run.Runs).ToArray(),
            failures = runs.ConvertAll(one => one.Run.Failures).ToArray(),
            answers = runs.ConvertAll(one => one.Run.Answers).ToArray(),
            node = Node,
        }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Read = """
            select name, every, ran_at, took_ms, node, runs, failures, failed_at, problem, asked_at, asked_by
            from chores
            order by name
            """;

        public const string Asked = "select name, asked_at from chores where asked_at is not null";

        public const string Ask = "update chores set asked_at = now(), asked_by = @actor where name = @chore";

        // In one order on every node, so that two that tell at once do not wait for each other in a circle.
        public const string Tell = """
            insert into chores as c (name, every, ran_at, took_ms, node, runs, failures, failed_at, problem)
            select t.name, t.every, now() - t.ago, t.took_ms, @node, t.runs, t.failures, case when t.problem is not null then now() - t.ago end, t.problem
            from unnest(@names::text[], @every::interval[], @ago::interval[], @took::double precision[], @problems::text[], @runs::integer[], @failures::integer[])
                as t(name, every, ago, took_ms, problem, runs, failures)
            order by t.name
            on conflict (name) do update
            set every = excluded.every, ran_at = excluded.ran_at, took_ms = excluded.took_ms, node = excluded.node,
                runs = c.runs + excluded.runs, failures = c.failures + excluded.failures,
                failed_at = coalesce(excluded.failed_at, c.failed_at), problem = coalesce(excluded.problem, c.problem);

            -- By the wish that it heard, not by the time: two clocks and the way between them would lose one that came as it began.
            update chores c
            set asked_at = null, asked_by = null
            from unnest(@names::text[], @answers::timestamptz[]) as t(name, answers)
            where c.name = t.name and c.asked_at <= t.answers
            """;
    }
}
