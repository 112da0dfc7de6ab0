using Dapper;
using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Accounts;

/// What became of the traffic: from the attempts that the servers wrote, and from what the two places accepted.
internal sealed class OutageFigures(Trial trial, DateTimeOffset began, DateTimeOffset ended)
{
    // Traffic has moved from the second on from which no ten seconds had less than this share there.
    private const double All = 0.99;
    private const int Window = 10;

    private readonly object since = new { since = trial.StartedAt, first = TwoAccounts.First, second = TwoAccounts.Second, began, ended };

    private sealed record Call(DateTime StartedAt, string Provider, string Outcome);

    public async Task TellAsync(CancellationToken ct)
    {
        await using var connection = await trial.Arena.Db.OpenConnectionAsync(ct);
        var calls = (await connection.QueryAsync<Call>(new CommandDefinition(Sql.Calls, since, cancellationToken: ct))).AsList();
        var unknown = (await connection.QueryAsync<string>(new CommandDefinition(Sql.Unknown, since, cancellationToken: ct))).ToHashSet(StringComparer.Ordinal);
        trial.MostDuplicates = unknown.Count;

        var moved = Moved(calls, TwoAccounts.Second, began, ended);
        var returned = Moved(calls, TwoAccounts.First, ended, calls[^1].StartedAt);
        Tell("moved_s", moved);
        Tell("returned_s", returned);
        trial.Demand(moved <= OutagePlan.LongestMove.TotalSeconds, $"the traffic had moved after {moved} s");
        trial.Demand(returned <= OutagePlan.LongestReturn.TotalSeconds, $"the traffic was back after {returned} s");

        var during = calls.Where(call => call.StartedAt >= began && call.StartedAt < ended && call.Provider == TwoAccounts.First).ToList();
        Tell("failed_calls", during.Count(call => call.Outcome != "accepted"));
        Tell("probes", during.Count(call => call.StartedAt >= began.AddSeconds(moved)));
        Tell("unknown", unknown.Count);
        await TellCopiesAsync(connection, ct);
        TellWaits(unknown, moved);
    }

    private void Tell(string name, double value) => trial.Measured(name, value);

    /// The first second after `from` since when the account carried (almost) everything until `to`.
    private static double Moved(List<Call> calls, string account, DateTimeOffset from, DateTimeOffset to)
    {
        var seconds = (int)(to - from).TotalSeconds;
        var (all, there) = (new int[seconds + 1], new int[seconds + 1]);
        foreach (var call in calls)
        {
            var second = (int)Math.Floor((call.StartedAt - from.UtcDateTime).TotalSeconds);
            if (second < 0 || second > seconds) continue;
            all[second]++;
            if (call.Provider == account) there[second]++;
        }
        for (var second = seconds - Window; second >= 0; second--)
            if (there.Skip(second).Take(Window).Sum() < All * all.Skip(second).Take(Window).Sum()) return second + 1;
        return 0;
    }

    private async Task TellCopiesAsync(Npgsql.NpgsqlConnection connection, CancellationToken ct)
    {
        var elsewhere = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.UnknownSentElsewhere, since, cancellationToken: ct));
        Tell("unknown_sent_elsewhere", elsewhere);
        trial.Demand(elsewhere == 0, $"{elsewhere} messages were given to the other account although the first may have accepted them");
        var first = trial.Arena.Simulator.Ledger.Where(entry => entry.At > trial.StartedAt).Select(entry => entry.To).ToList();
        var both = first.Intersect(trial.Arena.Second!.Ledger.Where(entry => entry.At > trial.StartedAt).Select(entry => entry.To)).Count(); // this arena has one
        Tell("duplicated_by_failover", both);
        trial.Demand(both == 0, $"{both} people were told by both accounts");
        Tell("repeated_by_the_same_account", first.GroupBy(to => to).Count(copies => copies.Count() > 1));
    }

    /// From the acknowledgement of a text to its acceptance: usually, while the traffic moved, and after. Not of those that wait for the account.
    private void TellWaits(HashSet<string> unknown, double moved)
    {
        var accepted = trial.Arena.Ledger.Where(entry => entry.At > trial.StartedAt).GroupBy(entry => entry.To).ToDictionary(copies => copies.Key, copies => copies.Min(entry => entry.At), StringComparer.Ordinal);
        var waits = (from entry in AckedLog.Read(trial.Arena.FileFor($"{trial.Id}.acked.log"))
                     let wanted = trial.Client.Attempted[entry.EventId]
                     where wanted.Channel == "sms" && accepted.ContainsKey(wanted.To) && !unknown.Contains(entry.EventId)
                     select (entry.At, Wait: Math.Max(0, (accepted[wanted.To] - entry.At).TotalSeconds))).ToList();
        var change = began.AddSeconds(moved);
        Tell("p99_wait_before_s", P99(waits.Where(one => one.At < began).Select(one => one.Wait)));
        Tell("longest_wait_of_the_move_s", waits.Where(one => one.At >= began && one.At < change).Select(one => one.Wait).DefaultIfEmpty().Max());
        Tell("p99_wait_moved_s", P99(waits.Where(one => one.At >= change && one.At < ended).Select(one => one.Wait)));
    }

    private static double P99(IEnumerable<double> waits)
    {
        var sorted = waits.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[(int)(0.99 * (sorted.Count - 1))];
    }

    private static class Sql
    {
        public const string Calls = """
            select started_at as StartedAt, provider as Provider, outcome as Outcome
            from attempts
            where provider in (@first, @second) and started_at > @since
            order by started_at
            """;

        public const string Unknown = """
            select distinct n.event_id
            from attempts a join messages m on m.id = a.message_id join notifications n on n.id = m.notification_id
            where a.outcome = 'unknown' and a.provider in (@first, @second) and a.started_at > @since
            """;

        public const string UnknownSentElsewhere = """
            select count(*)::integer
            from attempts a
            where a.outcome = 'unknown' and a.provider in (@first, @second) and a.started_at > @since
                and exists (select from attempts b where b.message_id = a.message_id and b.started_at > a.started_at and b.provider <> a.provider)
            """;
    }
}
