using NotificationServer.Channels.Receipts;

namespace NotificationServer.Tracking.Engagement;

/// Finds those who follow several links of one message at once, as nobody can who reads it.
internal static class Bursts
{
    /// The signs as they were, in their order, with what is a machine's said to be so. All that is known: also what is not due yet.
    public static List<Sign> Judge(IReadOnlyList<Sign> signs, TimeSpan within)
    {
        var bursts = new HashSet<Sign>(ReferenceEqualityComparer.Instance);
        foreach (var clicks in signs.Where(sign => sign is { Kind: EngagementKind.Clicked, Source: Sign.Own }).GroupBy(sign => sign.Message))
        {
            var inOrder = clicks.OrderBy(click => click.At).ToList();
            for (var i = 0; i < inOrder.Count; i++)
            for (var j = i + 1; j < inOrder.Count && inOrder[j].At - inOrder[i].At < within; j++)
            {
                if (inOrder[i].Url == inOrder[j].Url) continue;
                bursts.Add(inOrder[i]);
                bursts.Add(inOrder[j]);
            }
        }
        return [.. signs.Select(sign => bursts.Contains(sign) ? sign with { By = Engager.Machine } : sign)];
    }
}
