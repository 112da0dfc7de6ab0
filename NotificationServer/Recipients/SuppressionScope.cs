using NotificationServer.Channels;

namespace NotificationServer.Recipients;

/// What a suppression keeps from an address: everything on its channel, one category, or all marketing.
internal static class SuppressionScope
{
    public const string AllMarketing = "class:marketing";

    public static Refusals Refusing(Channel channel, CategoryRule category, string address, IReadOnlySet<(string Channel, string Address)> suppressed)
    {
        var (exact, family) = (channel.Name(), channel.Family().Name());
        if (suppressed.Contains((family, address)) || suppressed.Contains((exact, address))) return Refusals.SuppressedAddress;
        // A narrower no is an opt-out that happens to be kept by address: what must always arrive still does.
        if (category.Class == MessageClass.Critical) return Refusals.None;
        if (category.Key.Length > 0 && suppressed.Contains(($"{family}/{category.Key}", address))) return Refusals.CategoryOptedOut;
        return category.Class == MessageClass.Marketing && suppressed.Contains(($"{family}/{AllMarketing}", address)) ? Refusals.OptedOut : Refusals.None;
    }
}
