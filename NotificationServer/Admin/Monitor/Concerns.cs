using Microsoft.AspNetCore.WebUtilities;
using NotificationServer.Admin.Ui;
using NotificationServer.Queue;
using NotificationServer.Watch;

namespace NotificationServer.Admin.Monitor;

/// What is wrong, the worst first. Each rule says what, since when and for how many; none of them reads anything.
internal static class Concerns
{
    /// From this share of failures on, and this many of them, something is broken rather than unlucky.
    private const double Failing = 0.05;
    private const int Many = 20;

    public static IReadOnlyList<Concern> Of(Outlook all) =>
        [.. Sending(all).Concat(Nodes(all)).Concat(all.Channels.SelectMany(channel => Channel(all, channel))).Concat(Accounts(all)).Concat(Failures(all)).Concat(Alerts(all)).Concat(Chores(all))
            .OrderBy(one => one.Tone == "fail" ? 0 : 1).ThenByDescending(one => one.Weight)];

    /// The answer to "is everything all right?"
    public static string Answer(Outlook all, IReadOnlyList<Concern> concerns)
    {
        if (concerns.Count > 0)
            return concerns[0].Sentence + (concerns.Count == 1 ? "" : $" {concerns.Count - 1} more {Words.Plural(concerns.Count - 1, "thing needs", "things need")} a look.");
        // Of long ago, or they would be a concern: no alarm, but somebody's work.
        var failed = all.Channels.Sum(channel => channel.Failed) is > 0 and var dead ? $" {Words.Number(dead)} failed {Words.Plural(dead, "message waits", "messages wait")} for a decision." : "";
        if (all.Channels.Max(channel => channel.Oldest) is { } oldest) return $"All queues are moving; the oldest message has waited {Figures.Age(oldest)}.{failed}";
        return all.Channels.Sum(channel => channel.Processing) is > 0 and var sending
            ? $"All queues are moving; {Words.Number(sending)} {Words.Plural(sending, "message is", "messages are")} being sent and nothing else waits.{failed}"
            : $"All is well: nothing waits to be sent.{failed}";
    }

    private static IEnumerable<Concern> Sending(Outlook all)
    {
        if (all.Sending is { SetAsideBefore: null } held)
            yield return new Concern("fail", $"Nothing is being sent. {held.Sentence}", "/admin/maintenance", "Look and decide") { Since = held.HeldAt, Weight = long.MaxValue };
        else if (all.Sending is { } decided)
            yield return new Concern("warn", "Nothing is being sent yet: what was queued in the restored copy is being set aside.", "/admin/maintenance", "Look at it") { Since = decided.HeldAt, Weight = long.MaxValue };
    }

    private static IEnumerable<Concern> Nodes(Outlook all)
    {
        var waiting = all.Channels.Sum(channel => channel.Ready);
        if (!all.Nodes.Any(node => node.Alive && node.RoleNames.Contains("worker")))
            yield return new Concern("fail", $"Nothing is being sent: no node that sends is alive{Waiting(waiting)}.", "/admin/nodes", "Look at the nodes") { Weight = long.MaxValue };
        if (!all.Nodes.Any(node => node.Alive && node.RoleNames.Contains("scheduler")))
            yield return new Concern("fail", "Nobody keeps house: no node with the role scheduler is alive, and what dead nodes held is not given back.", "/admin/nodes", "Look at the nodes") { Weight = waiting };
        foreach (var node in all.Nodes.Where(node => !node.Alive))
            yield return new Concern("warn", $"{node.Name} has been silent for {Words.Age(TimeSpan.FromSeconds(node.Age))} without saying good-bye.", "/admin/nodes", "Look at the nodes")
            {
                Since = node.SeenAt, Weight = node.Leases,
            };
    }

    private static IEnumerable<Concern> Channel(Outlook all, ChannelState channel)
    {
        var page = $"/admin/queues/{channel.Channel}";
        var waits = Waiting(channel.Ready, channel.Estimated);
        Concern New(string tone, string sentence, DateTimeOffset? since = null) =>
            new(tone, sentence, page, $"Look at {channel.Name}") { Channel = channel.Channel, Since = since, Weight = channel.Ready };

        if (channel.Held is { } held)
        {
            var what = held.Mode == SwitchMode.Paused ? "is paused" : "is draining and takes nothing in";
            yield return New("warn", $"{channel.Name} {what} since {AccountState.Clock(held.ChangedAt)}: {held.Reason.TrimEnd('.')}{waits}.", held.ChangedAt);
            if (held.Mode == SwitchMode.Paused) yield break;
        }

        var carriers = all.Carriers[channel.Channel];
        var accounts = all.Accounts.Where(account => carriers.Contains(account.Key)).ToList();
        if (carriers.Count == 0)
        {
            if (channel.Ready > 0) yield return New("fail", $"{channel.Name} is stuck: no provider account carries it{waits}.");
        }
        else if (accounts.Count == carriers.Count && accounts.TrueForAll(account => account.IsShut(all.Now)))
        {
            // The one that gave way first is where it began.
            var first = accounts.MinBy(account => account.Since(all.Now) ?? DateTimeOffset.MaxValue)!; // there is one
            var since = first.Since(all.Now);
            yield return New(channel.Ready > 0 ? "fail" : "warn",
                $"{channel.Name} is stuck: {first.Why(all.Now)}{(since is { } at ? $" since {AccountState.Clock(at)}" : "")}{waits}.", since);
        }
        else if (Late(channel) is { } late)
        {
            var oldest = $"the oldest {late.Lane.ToString().ToLowerInvariant()} message has waited {Figures.Age(late.OldestReadySeconds)}{waits}";
            yield return late.RateOut == 0
                ? New("fail", $"{channel.Name} is stuck: nothing has left its {late.Lane.ToString().ToLowerInvariant()} lane for a minute, {oldest}.", all.Now.AddSeconds(-late.OldestReadySeconds ?? 0))
                : New("warn", $"{channel.Name} is slow: {oldest}.", all.Now.AddSeconds(-late.OldestReadySeconds ?? 0));
        }

        if (channel.FailingShare >= Failing && channel.FailedLately >= Many)
            yield return new Concern("fail", $"{Figures.Share(channel.FailingShare)} of {channel.Name} has failed in the last 15 minutes: {Words.Number(channel.FailedLately)} messages.",
                Link("/admin/failures", channel: channel.Channel), "Look at the failures")
            {
                Channel = channel.Channel, Weight = channel.FailedLately, Requeue = Link("/admin/failures/requeue", channel: channel.Channel),
            };
    }

    /// One of several accounts; if it were all of them, their channel says so.
    private static IEnumerable<Concern> Accounts(Outlook all) =>
        from account in all.Accounts
        where account.Held is not null || account.Gate?.Breaker is not (null or "closed")
        where account.IsShut(all.Now) && account.Channels.Any(channel => all.Carriers[channel].Any(key => key != account.Key && !(all.Accounts.FirstOrDefault(other => other.Key == key)?.IsShut(all.Now) ?? false)))
        let since = account.Since(all.Now)
        select new Concern("warn", $"{account.Why(all.Now)}{(since is { } at ? $" since {AccountState.Clock(at)}" : "")}; what it carries goes through others.",
            $"/admin/providers/{Uri.EscapeDataString(account.Key)}", "Look at the account") { Since = since };

    private static IEnumerable<Concern> Failures(Outlook all) =>
        from failing in all.Failing
        where failing.Lately >= Many && failing.FirstSeen > all.Now.AddHours(-1)
        select new Concern("fail", $"{Words.Number(failing.Lately, OutlookReader.CountTo)} messages failed in a new way, the first at {AccountState.Clock(failing.FirstSeen)}: {failing.Summary.TrimEnd('.')}.",
            $"/admin/failures/{Uri.EscapeDataString(failing.Fingerprint)}", "Look at them")
        {
            Since = failing.FirstSeen, Weight = failing.Lately, Requeue = Link("/admin/failures/requeue", fingerprint: failing.Fingerprint),
        };

    private static IEnumerable<Concern> Alerts(Outlook all) =>
        from alert in all.Alerts
        where !WatchWords.IsSaidByOverview(alert.Kind)
        let words = AlertWords.Of(alert.Kind, alert.Key, alert.Detail)
        select new Concern(words.Tone, words.Title, "/admin/alerts", "Look at the alert") { Since = alert.FirstSeen };

    private static IEnumerable<Concern> Chores(Outlook all) =>
        from chore in all.Chores
        where chore.Failed
        select new Concern("warn", $"{ChoreWords.Of(chore.Name).Title} failed {Words.Ago(chore.FailedAt!.Value, all.Now)}; it is tried again by itself.", // that is what Failed says
            "/admin/maintenance", "Look at the chores") { Since = chore.FailedAt };

    /// The lane that waits too long for what it promises.
    private static LaneFigures? Late(ChannelState channel) => channel.Lanes
        .Where(lane => lane.OldestReadySeconds > Patience(lane.Lane).TotalSeconds).MaxBy(lane => lane.OldestReadySeconds / Patience(lane.Lane).TotalSeconds);

    private static TimeSpan Patience(Lane lane) => lane switch
    {
        Lane.Critical => TimeSpan.FromSeconds(30),
        Lane.Transactional => TimeSpan.FromMinutes(2),
        Lane.Bulk => TimeSpan.FromMinutes(30),
    };

    private static string Waiting(long count, bool about = false) => count == 0 ? "" : $" ({Figures.Waits(count, about)})";

    private static string Link(string path, string? channel = null, string? fingerprint = null) => QueryHelpers.AddQueryString(path,
        new[] { KeyValuePair.Create("channel", channel), KeyValuePair.Create("fingerprint", fingerprint) }.Where(one => one.Value is not null));
}
