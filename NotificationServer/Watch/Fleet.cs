using NotificationServer.Delivery.Gates;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;

namespace NotificationServer.Watch;

/// What ended on a channel lately.
internal sealed record Lately(string Channel, long Ended, long Failed, long FailedNow);

/// The whole system at one moment: the same from whichever node it is read.
internal sealed record Fleet
{
    public required DateTimeOffset Now { get; init; }
    public required IReadOnlyList<LaneFigures> Lanes { get; init; }
    /// The last 15 minutes, and how much of it failed in the last five.
    public required IReadOnlyList<Lately> Lately { get; init; }
    public required IReadOnlyList<GateRow> Gates { get; init; }
    public required IReadOnlyList<NodeInfo> Nodes { get; init; }
    public required IReadOnlyList<OpenKind> Alerts { get; init; }
    /// Days of the log that are not there, today's and the coming ones.
    public required IReadOnlyList<MissingDay> Missing { get; init; }
    /// Channels that somebody holds: that they wait is what was wanted.
    public required IReadOnlyCollection<string> Held { get; init; }
    public required double BooksAge { get; init; }
    public required double OldestTransaction { get; init; }
    /// Set aside in the last hour.
    public required long Quarantined { get; init; }
    /// Not null: a person has to decide.
    public HeldSending? Sending { get; init; }
    public required long WebhooksWaiting { get; init; }
}

internal sealed record MissingDay(string Log, DateTime Day, int Ahead);
