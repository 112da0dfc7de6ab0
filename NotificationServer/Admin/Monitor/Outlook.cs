using NotificationServer.Platform;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;
using NotificationServer.Watch;

namespace NotificationServer.Admin.Monitor;

/// Failures of one kind in the last hour.
internal sealed record FailingGroup
{
    public required string Fingerprint { get; init; }
    public required string Channel { get; init; }
    public string? Provider { get; init; }
    public required string Summary { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public required DateTimeOffset LastSeen { get; init; }
    /// Dead letters of the last hour; counted up to ten thousand.
    public required long Lately { get; init; }
}

/// Messages that came into being since midnight UTC, and those of the same time a week before.
internal sealed record Volume(string Channel, long Today, long FailedToday, long LastWeek);

/// Everything that "is everything all right?" is answered from, as of one moment.
internal sealed record Outlook
{
    public required DateTimeOffset Now { get; init; }
    public required IReadOnlyList<ChannelState> Channels { get; init; }
    public required IReadOnlyList<AccountState> Accounts { get; init; }
    /// By channel, who may carry its messages; in development also the inbox.
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Carriers { get; init; }
    public required IReadOnlyList<NodeInfo> Nodes { get; init; }
    public required IReadOnlyList<AlertInfo> Alerts { get; init; }
    public required IReadOnlyList<FailingGroup> Failing { get; init; }
    public required IReadOnlyList<ChoreBook.Chore> Chores { get; init; }
    public required IReadOnlyList<Volume> Volumes { get; init; }
    public required DateTimeOffset? BooksCheckedAt { get; init; }
    /// Not null: nothing is sent until a person decides.
    public HeldSending? Sending { get; init; }
    public IReadOnlyList<RunningCampaign> Campaigns { get; init; } = [];

    public IEnumerable<AlertInfo> Differences => Alerts.Where(alert => AlertWords.IsOfTheBooks(alert.Kind));
}
