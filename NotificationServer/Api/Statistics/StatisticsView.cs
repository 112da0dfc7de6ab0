using System.ComponentModel;

namespace NotificationServer.Api.Statistics;

/// What became of the messages that were accepted on these days, whenever it happened.
public sealed record StatisticsView(string From, string To, IReadOnlyList<string> GroupBy, IReadOnlyList<StatisticsRow> Data, StatisticsRow Total);

/// Accepted = waiting + unconfirmed + delivered + bounced + failed + suppressed + expired + cancelled, at every moment.
public sealed record StatisticsRow
{
    [Description("Grouped by it: the UTC day on which the messages were accepted")]
    public string? Day { get; init; }
    [Description("Grouped by it: the key; empty: the words came with the notification, or before figures were kept by template")]
    public string? Template { get; init; }
    public int? TemplateVersion { get; init; }
    public string? Channel { get; init; }
    [Description("Grouped by it: the account that was called; empty: none was (yet). What was accepted counts there, because it is not known then whom it goes through")]
    public string? Provider { get; init; }

    public long Accepted { get; init; }
    [Description("Queued, scheduled or being sent")]
    public long Waiting { get; init; }
    [Description("A provider took it, whatever became of it then")]
    public long Sent { get; init; }
    [Description("A provider took it, and nothing was heard since")]
    public long Unconfirmed { get; init; }
    public long Delivered { get; init; }
    public long Bounced { get; init; }
    public long Failed { get; init; }
    public long Suppressed { get; init; }
    public long Expired { get; init; }
    public long Cancelled { get; init; }
    [Description("Messages, not openings: each counts once, by the surest of its signs")]
    public long OpenedHuman { get; init; }
    public long OpenedMachine { get; init; }
    public long OpenedUnknown { get; init; }
    public long ClickedHuman { get; init; }
    public long ClickedMachine { get; init; }
    public long ClickedUnknown { get; init; }
    public long Replied { get; init; }
    public long Unsubscribed { get; init; }
    public long Complained { get; init; }

    public StatisticsRates Rates => StatisticsRates.Of(this);
}

/// Shares from 0 to 1; null where there is nothing to divide by. A provider that does not tell of deliveries (SMTP) has no rate of them.
public sealed record StatisticsRates(
    [property: Description("delivered / sent")] double? Delivery,
    [property: Description("bounced / sent")] double? Bounce,
    [property: Description("opened_human / delivered")] double? Open,
    [property: Description("clicked_human / delivered")] double? Click,
    [property: Description("clicked_human / opened_human")] double? ClickToOpen,
    [property: Description("unsubscribed / delivered")] double? Unsubscribe,
    [property: Description("complained / delivered")] double? Complaint)
{
    internal static StatisticsRates Of(StatisticsRow row) => new(
        Share(row.Delivered, row.Sent), Share(row.Bounced, row.Sent), Share(row.OpenedHuman, row.Delivered), Share(row.ClickedHuman, row.Delivered),
        Share(row.ClickedHuman, row.OpenedHuman), Share(row.Unsubscribed, row.Delivered), Share(row.Complained, row.Delivered));

    private static double? Share(long part, long whole) => whole > 0 ? Math.Round((double)part / whole, 6) : null;
}
