using Dapper;
using NotificationServer.Simulator.Ledger;
using Npgsql;

namespace NotificationServer.Benchmarks.Faults;

/// Joins what was acknowledged, what the providers took and what the database says, and draws the line under it.
internal sealed class Checker(Arena arena)
{
    private sealed record Kept(string EventId, Guid Notification, Guid Message, string Address, string Channel, string Status, string? Reason, bool Live, int Open, int TimedOut);

    /// Waits until nothing is left to be done; false: something still was.
    public Task<bool> DrainedAsync(TimeSpan patience, CancellationToken ct) => Until.TrueAsync(async () =>
    {
        try
        {
            await using var connection = await arena.Db.OpenConnectionAsync(ct);
            return !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.Waiting, cancellationToken: ct));
        }
        catch (NpgsqlException)
        {
            return false; // away, as some faults have it
        }
    }, patience, ct);

    public async Task<LedgerLine> CheckAsync(Scenario scenario, Trial trial, AckedLog log, double recovery, CancellationToken ct)
    {
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        var kept = (await connection.QueryAsync<Kept>(new CommandDefinition(Sql.Kept, new { prefix = trial.Id + "-%" }, commandTimeout: 600, cancellationToken: ct))).ToLookup(row => row.EventId, StringComparer.Ordinal);
        var strays = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.OutOfStep, commandTimeout: 600, cancellationToken: ct));
        var accepted = arena.Ledger.Where(entry => entry.At > trial.StartedAt).ToLookup(entry => entry.To, StringComparer.Ordinal);
        var acked = AckedLog.Read(log.Path).ToLookup(entry => entry.EventId, StringComparer.Ordinal);

        var findings = new List<string>(trial.Findings);
        if (strays > 0) findings.Add($"{strays} messages and jobs disagree about whether work is left");
        if (trial.Client.DifferentIds > 0) findings.Add($"{trial.Client.DifferentIds} answers named another notification for the same event");
        if (trial.Client.WithoutRetryAfter > 0) findings.Add($"{trial.Client.WithoutRetryAfter} answers of 503 or 429 had no Retry-After");
        if (trial.Client.Answered(System.Net.HttpStatusCode.InternalServerError) is > 0 and var broken) findings.Add($"{broken} answers were 500; the nodes said: {string.Join(" | ", Complaints())}");

        var (ok, lost, recovered, duplicated, timedOut) = (0, 0, 0, 0, 0);
        foreach (var wanted in trial.Client.Attempted.Values)
        {
            var rows = kept[wanted.EventId].ToList();
            var copies = accepted[wanted.To].ToList();
            var isAcked = acked.Contains(wanted.EventId);
            if (rows.Count > 1) findings.Add($"{wanted.EventId} is kept {rows.Count} times");
            if (copies.Count > 1) duplicated++;
            // A machine that is too busy to read an answer within the deadline makes its own duplicates; no other fault is excused so.
            if (copies.Count > 1 && rows.Any(row => row.TimedOut >= copies.Count - 1)) timedOut++;
            findings.AddRange(Oddities(wanted, rows, copies, scenario).Where(oddity => !scenario.MayLose || oddity.EndsWith("is still waiting", StringComparison.Ordinal)));
            if (isAcked && acked[wanted.EventId].Any(entry => rows.All(row => entry.NotificationId != $"ntf_{row.Notification:N}"))) findings.Add($"{wanted.EventId} was answered with an id that is not kept");
            if (isAcked && (rows.Count == 0 || (copies.Count == 0 && rows.All(row => row.Status == "sent")))) lost++;
            else if (isAcked && (copies.Count == 1 || rows.Any(row => row.Status != "sent" && row.Reason is not null))) ok++;
            if (!isAcked && copies.Count > 0) recovered++;
        }

        // Whatever was stored in the moments that the standby never saw is gone, on both sides of the books: that is what is measured.
        if (scenario.MayLose) findings.RemoveAll(finding => finding.EndsWith("is not kept", StringComparison.Ordinal));
        if (duplicated - timedOut > trial.MostDuplicates) findings.Add($"{duplicated} messages left twice although only {trial.MostDuplicates} were under way");
        var taken = trial.Client.Attempted.Values.Sum(wanted => accepted[wanted.To].Count());
        var otherChannel = CompareChannels(trial, accepted, acked, findings);
        return new LedgerLine
        {
            Scenario = scenario.Id,
            Attempts = trial.Client.Attempted.Count,
            Acked = acked.Count,
            Ok = ok,
            Lost = lost,
            Recovered = recovered,
            Duplicated = duplicated,
            Unexpected = findings.Count,
            DuplicatesPerMillion = taken == 0 ? 0 : 1e6 * duplicated / taken,
            RecoverySeconds = recovery,
            OtherChannelP99Milliseconds = otherChannel,
            Dead = kept.SelectMany(rows => rows).Count(row => row.Status == "failed"),
            Valid = (lost == 0 || scenario.MayLose) && findings.Count == 0 && (duplicated == timedOut || scenario.MayDuplicate) && acked.Count > 0 && trial.NotRun is null,
            Findings = findings,
            Figures = timedOut == 0 ? trial.Figures : new Dictionary<string, double>(trial.Figures) { ["duplicated_by_timeout"] = timedOut },
            NotRun = trial.NotRun,
        };
    }

    private IEnumerable<string> Complaints() => arena.Nodes
        .SelectMany(node => node.Output.Split('\n')).Where(line => line.Contains("Exception: ", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct().TakeLast(8);

    private static IEnumerable<string> Oddities(Wanted wanted, List<Kept> rows, List<LedgerEntry> copies, Scenario scenario)
    {
        if (copies.Count > 0 && rows.Count == 0) yield return $"{wanted.EventId} was sent but is not kept";
        if (rows.FirstOrDefault() is not { } row) yield break;
        if (row.Live) yield return $"{wanted.EventId} is still waiting";
        // Whose deadline passed twice on a busy machine is left to a person, which is no fault of the scenario.
        if (row.Status != "sent" && !row.Live && !scenario.MayEndUnsent && row.TimedOut == 0) yield return $"{wanted.EventId} ended as {row.Status}: {row.Reason}";
        if (copies.Count > 1 && row.Open < copies.Count) yield return $"{wanted.EventId} was accepted {copies.Count} times and the server knows of {row.Open}";
        if (copies.Count > 1 && copies.Select(copy => copy.MessageKey).Distinct().Count() > 1) yield return $"{wanted.EventId} was sent under different keys";
    }

    /// From the acknowledgement of a mail to its acceptance, of those acknowledged within these times.
    private static double OtherChannel(Trial trial, ILookup<string, LedgerEntry> accepted, ILookup<string, AckedLog.Entry> acked, DateTimeOffset from, DateTimeOffset to)
    {
        var delays = (from wanted in trial.Client.Attempted.Values
                      where wanted.Channel == "email" && acked.Contains(wanted.EventId) && accepted.Contains(wanted.To)
                      let ackedAt = acked[wanted.EventId].Min(entry => entry.At)
                      where ackedAt >= @from && ackedAt < to
                      select Math.Max(0, (accepted[wanted.To].Min(copy => copy.At) - ackedAt).TotalMilliseconds)).Order().ToList();
        return delays.Count == 0 ? 0 : delays[(int)(0.99 * (delays.Count - 1))];
    }

    /// The fault of one channel may slow another down to half its pace, not more; below a quarter of a second nobody notices.
    private static double CompareChannels(Trial trial, ILookup<string, LedgerEntry> accepted, ILookup<string, AckedLog.Entry> acked, List<string> findings)
    {
        if (trial.FaultBeganAt is not { } began) return OtherChannel(trial, accepted, acked, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var before = OtherChannel(trial, accepted, acked, DateTimeOffset.MinValue, began);
        var since = OtherChannel(trial, accepted, acked, began, DateTimeOffset.MaxValue);
        trial.Measured("p99_other_channel_before_ms", before);
        if (since > Math.Max(250, before * 2)) findings.Add($"mails took {since:0} ms while texts met the fault, {before:0} ms before");
        return since;
    }

    private static class Sql
    {
        public const string Waiting = "select exists (select from jobs)";

        // Attempts that may have reached the provider: each acceptance, and each whose outcome nobody knows.
        public const string Kept = """
            select n.event_id as EventId, n.id as Notification, m.id as Message, coalesce(m.address, '') as Address, m.channel as Channel,
                m.status as Status, coalesce(m.reason, '') as Reason, j.id is not null as Live,
                (select count(*)::integer from attempts a where a.message_id = m.id and a.outcome in ('accepted', 'unknown', 'transient')) as Open,
                (select count(*)::integer from attempts a where a.message_id = m.id and a.error_code = 'timeout') as TimedOut
            from notifications n
            join messages m on m.notification_id = n.id
            left join jobs j on j.channel = m.channel and j.id = m.id
            where n.event_id like @prefix
            """;

        public const string OutOfStep = """
            select ((select count(*) from messages m where m.status = 'queued' and not exists (select from jobs j where j.channel = m.channel and j.id = m.id))
                + (select count(*) from jobs j where not exists (select from messages m where m.id = j.id and m.status = 'queued')))::integer
            """;
    }
}
