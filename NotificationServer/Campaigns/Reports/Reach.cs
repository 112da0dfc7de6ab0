namespace NotificationServer.Campaigns.Reports;

/// Who of an audience would get something, and why the others would not: counted where that is quick, and learnt from a sample where it is
/// not. An estimate: who is opted out when it is sent gets nothing, whatever this said.
internal sealed record Reach
{
    /// As of when.
    public required DateTimeOffset At { get; init; }
    /// People whom the segments mean.
    public required long Audience { get; init; }
    /// False: there are so many that they were reckoned up from a part of all users.
    public required bool IsCounted { get; init; }
    /// How many of them were looked at one by one; the same as Audience: everybody was, and nothing below is reckoned up.
    public required int Sampled { get; init; }
    /// People who would get at least one message.
    public required long Reached { get; init; }
    /// People who would get none, by the first reason, most people first. Together with those who are reached: the audience.
    public required IReadOnlyList<ReachReason> Excluded { get; init; }
    /// In the order in which channels are always told.
    public required IReadOnlyList<ReachChannel> Channels { get; init; }
    /// People who get theirs later: it falls into their quiet hours, or they were told enough for now.
    public long HeldByQuietHours { get; init; }
    public long HeldByFrequencyCap { get; init; }
    /// People by the time zone that is known of them; null: of whom none is.
    public IReadOnlyList<ReachZone> Zones { get; init; } = [];
    /// Which accounts would carry how many messages.
    public IReadOnlyList<ReachRoute> Routes { get; init; } = [];

    public bool IsExact => IsCounted && Sampled == Audience;

    public long Messages => Channels.Sum(channel => channel.Messages);
}

/// Count: people, or messages of a channel. Reason: the words of `suppressed`, and `frequency_capped` for whoever was told often enough.
internal sealed record ReachReason(string Reason, long Count);

/// Channel: `ios_push`, ..., or `push` for those who have no device at all. Messages: that would go; Excluded: that would be suppressed.
internal sealed record ReachChannel(string Channel, long Messages, long People, IReadOnlyList<ReachReason> Excluded);

internal sealed record ReachZone(string? TimeZone, long People);

/// Accounts: in the order in which they are asked.
internal sealed record ReachRoute(string Channel, IReadOnlyList<string> Accounts, long Messages);

/// Null reach: the errors say what keeps it from being estimated.
internal sealed record ReachAnswer(Reach? Reach, IReadOnlyList<PlanError> Errors);
