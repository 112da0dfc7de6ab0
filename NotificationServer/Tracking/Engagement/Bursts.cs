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
            Mark(inOrder, within, bursts);
            inOrder.Reverse();
            Mark(inOrder, within, bursts);
        }
        return [.. signs.Select(sign => bursts.Contains(sign) ? sign with { By = Engager.Machine } : sign)];
    }

    /// Of all clicks on other links that were before one, the latest is the nearest: it alone is looked at, however often somebody follows the same link.
    private static void Mark(List<Sign> inOrder, TimeSpan within, HashSet<Sign> bursts)
    {
        Sign? other = null;
        for (var i = 1; i < inOrder.Count; i++)
        {
            if (inOrder[i - 1].Url != inOrder[i].Url) other = inOrder[i - 1];
            if (other is not null && (inOrder[i].At - other.At).Duration() < within) bursts.Add(inOrder[i]);
        }
    }
}
