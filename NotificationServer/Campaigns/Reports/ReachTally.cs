using NotificationServer.Channels;
using NotificationServer.Recipients;

namespace NotificationServer.Campaigns.Reports;

/// Adds up what the rules said of the people of a sample, and says what that means for all of the audience.
internal sealed class ReachTally
{
    private static readonly string[] ChannelOrder = [.. ChannelNames.All.Select(channel => channel.Name()), ChannelFamily.Push.Name()];

    private readonly Dictionary<string, string?> fates = new(StringComparer.Ordinal);           // by person: why not; null: reached
    private readonly Dictionary<(string Channel, string Reason), long> refused = [];
    private readonly Dictionary<string, long> messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> people = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Channel, string Accounts), (IReadOnlyList<string> Accounts, long Messages)> routes = [];
    private readonly Dictionary<string, long> zones = new(StringComparer.Ordinal);
    private readonly HashSet<string> quiet = new(StringComparer.Ordinal), capped = new(StringComparer.Ordinal);

    public void Live(string? zone) => zones[zone ?? ""] = zones.GetValueOrDefault(zone ?? "") + 1;

    public void Refuse(string person, string channel, string reason)
    {
        // Told by the first; whom another message reaches is reached.
        fates.TryAdd(person, reason);
        refused[(channel, reason)] = refused.GetValueOrDefault((channel, reason)) + 1;
    }

    public void Send(string person, in Target target, IReadOnlyList<string> accounts, bool isHeldByCap)
    {
        fates[person] = null;
        messages[target.Channel] = messages.GetValueOrDefault(target.Channel) + 1;
        if (!people.TryGetValue(target.Channel, out var some)) people[target.Channel] = some = new(StringComparer.Ordinal);
        some.Add(person);
        var key = (target.Channel, string.Join('\n', accounts));
        routes[key] = (accounts, routes.GetValueOrDefault(key).Messages + 1);
        if (target.NotBefore is not null) quiet.Add(person);
        if (isHeldByCap) capped.Add(person);
    }

    public Reach ToReach(DateTimeOffset at, long audience, bool isCounted, int sampled)
    {
        double factor = sampled == 0 ? 0 : (double)audience / sampled;
        long Scaled(long count) => (long)Math.Round(count * factor);

        var reasons = fates.Values.OfType<string>().GroupBy(reason => reason)
            .Select(group => new ReachReason(group.Key, Scaled(group.Count()))).Where(one => one.Count > 0).OrderByDescending(one => one.Count).ThenBy(one => one.Reason, StringComparer.Ordinal).ToList();
        // Rounded so that the parts are the whole: the largest takes up the difference.
        var reached = Scaled(fates.Values.Count(reason => reason is null));
        var difference = sampled == 0 ? 0 : audience - reached - reasons.Sum(one => one.Count);
        if (reached > 0 || reasons.Count == 0) reached = Math.Max(0, reached + difference);
        else reasons[0] = reasons[0] with { Count = reasons[0].Count + difference };
        return new Reach
        {
            At = at, Audience = audience, IsCounted = isCounted, Sampled = sampled, Reached = reached, Excluded = reasons,
            Channels = [.. ChannelOrder.Where(name => messages.ContainsKey(name) || refused.Keys.Any(key => key.Channel == name)).Select(name => new ReachChannel(
                name, Scaled(messages.GetValueOrDefault(name)), Scaled(people.GetValueOrDefault(name)?.Count ?? 0),
                [.. refused.Where(pair => pair.Key.Channel == name).OrderByDescending(pair => pair.Value).Select(pair => new ReachReason(pair.Key.Reason, Scaled(pair.Value)))]))],
            HeldByQuietHours = Scaled(quiet.Count), HeldByFrequencyCap = Scaled(capped.Count),
            Zones = [.. zones.OrderByDescending(pair => pair.Value).Select(pair => new ReachZone(pair.Key.Length == 0 ? null : pair.Key, Scaled(pair.Value)))],
            Routes = [.. routes.Select(pair => new ReachRoute(pair.Key.Channel, pair.Value.Accounts, Scaled(pair.Value.Messages))).OrderByDescending(route => route.Messages)],
        };
    }
}
