using NotificationServer.Delivery.Gates;
using NotificationServer.Queue;

namespace NotificationServer.Watch;

/// What of the state of the system is worth an alert, by the rules as they are set. It reads nothing.
internal static class Findings
{
    /// Fewer than this many failures are bad luck, whatever their share.
    private const int LeastFailures = 20;
    private static readonly string[] NeededRoles = ["api", "worker"];

    public static IReadOnlyList<Sighting> Of(Fleet fleet, IReadOnlyDictionary<string, AlertRule> rules)
    {
        bool Enabled(string kind, out double threshold)
        {
            var rule = rules.GetValueOrDefault(kind);
            threshold = rule?.Threshold ?? 0;
            return rule is { Enabled: true };
        }

        var found = new List<Sighting>();
        foreach (var (kind, lane) in new[] { (AlertRule.OldestCritical, Lane.Critical), (AlertRule.OldestTransactional, Lane.Transactional), (AlertRule.OldestBulk, Lane.Bulk) })
            if (Enabled(kind, out var patience)) found.AddRange(Waiting(fleet, kind, lane, patience));
        if (Enabled(AlertRule.FailureRate, out var share)) found.AddRange(Failing(fleet, share));
        if (Enabled(AlertRule.DeadLetters, out var dead))
            found.AddRange(fleet.Lately.Where(one => one.FailedNow > 0 && one.FailedNow >= dead).Select(one => new Sighting(AlertRule.DeadLetters, one.Channel, Told(("failed", one.FailedNow)))));
        if (Enabled(AlertRule.CrashLoop, out var crashed) && fleet.Quarantined > 0 && fleet.Quarantined >= crashed)
            found.Add(new Sighting(AlertRule.CrashLoop, "quarantine", Told(("messages", fleet.Quarantined))));
        if (Enabled(AlertRule.BreakerOpen, out _))
            found.AddRange(fleet.Gates.Where(gate => gate.Breaker != GateRow.Closed).Select(gate => new Sighting(AlertRule.BreakerOpen, gate.Account, Told(("reason", gate.Reason ?? "it failed")))));
        if (Enabled(AlertRule.GateClosed, out _))
            found.AddRange(fleet.Gates.Where(gate => gate.NotBefore > fleet.Now).Select(gate => new Sighting(AlertRule.GateClosed, gate.Account, Told(("until", Says.Clock(gate.NotBefore!.Value)))))); // as was asked
        found.AddRange(Nodes(fleet, Enabled(AlertRule.NodeLost, out var silence) ? silence : double.MaxValue, Enabled(AlertRule.RoleMissing, out _)));
        if (Enabled(AlertRule.PartitionMissing, out var ahead))
            found.AddRange(fleet.Missing.Where(one => one.Ahead <= ahead).GroupBy(one => one.Log).Select(log => log.MinBy(one => one.Ahead)!) // a group has one
                .Select(one => new Sighting(AlertRule.PartitionMissing, one.Log, Told(("day", one.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))))));
        if (Enabled(AlertRule.BooksUnchecked, out var age) && fleet.BooksAge > age) found.Add(new Sighting(AlertRule.BooksUnchecked, "books", Told(("seconds", Math.Round(fleet.BooksAge)))));
        if (Enabled(AlertRule.SendingHeld, out _) && fleet.Sending is { } sending)
            found.Add(new Sighting(AlertRule.SendingHeld, "sending", Told(("doubt", sending.Doubt), ("why", sending.Sentence))));
        if (Enabled(AlertRule.OldTransaction, out var open) && fleet.OldestTransaction > open)
            found.Add(new Sighting(AlertRule.OldTransaction, "database", Told(("seconds", Math.Round(fleet.OldestTransaction)))));
        return found;
    }

    private static IEnumerable<Sighting> Waiting(Fleet fleet, string kind, Lane lane, double patience) =>
        from one in fleet.Lanes
        where one.Lane == lane && one.OldestReadySeconds > patience && !fleet.Held.Contains(one.Channel)
        select new Sighting(kind, $"{one.Channel}/{lane.ToString().ToLowerInvariant()}", Told(("seconds", Math.Round(one.OldestReadySeconds ?? 0)), ("ready", one.Ready)));

    private static IEnumerable<Sighting> Failing(Fleet fleet, double share) =>
        from one in fleet.Lately
        where one.Failed >= LeastFailures && one.Ended > 0 && (double)one.Failed / one.Ended >= share
        select new Sighting(AlertRule.FailureRate, one.Channel, Told(("share", Math.Round((double)one.Failed / one.Ended, 4)), ("failed", one.Failed), ("ended", one.Ended)));

    private static IEnumerable<Sighting> Nodes(Fleet fleet, double silence, bool roles)
    {
        foreach (var node in fleet.Nodes.Where(node => node.Age > silence))
            yield return new Sighting(AlertRule.NodeLost, node.Name, Told(("roles", node.Roles), ("seconds", Math.Round(node.Age))));
        if (!roles) yield break;
        foreach (var role in NeededRoles.Where(role => !fleet.Nodes.Any(node => node.Alive && node.RoleNames.Contains(role))))
            yield return new Sighting(AlertRule.RoleMissing, role, Told());
    }

    private static Dictionary<string, object> Told(params (string Name, object Value)[] what) => what.ToDictionary(one => one.Name, one => one.Value);
}
