namespace NotificationServer.Campaigns.Reports;

/// How a run would go, hour by hour.
internal sealed record FlightPlan
{
    /// When the first message goes; null: it is not known, because nothing says when.
    public required DateTimeOffset? Start { get; init; }
    /// When the last one goes; null: it never ends, because somewhere nothing goes at all, or nobody knows how fast it goes.
    public required DateTimeOffset? End { get; init; }
    /// What is not sent by then is not sent at all.
    public DateTimeOffset? ExpiresAt { get; init; }
    /// It cannot be submitted like this: a part of the audience would get nothing.
    public required bool EndsAfterExpiry { get; init; }
    /// How many messages would be too late.
    public long TooLate { get; init; }
    public required IReadOnlyList<FlightHour> Hours { get; init; }
    public required IReadOnlyList<FlightChannel> Channels { get; init; }
    /// What it goes by, in words, most important first: "The throttle lets 600 people a minute through."
    public required IReadOnlyList<string> Notes { get; init; }

    public TimeSpan? Takes => End - Start;

    public long Messages => Channels.Sum(channel => channel.Messages);
}

/// Messages of a channel that go in the hour that begins at At.
internal sealed record FlightHour(DateTimeOffset At, string Channel, long Messages);

/// MostPerHour: what its accounts, or what was measured, let through; null: nothing is known that limits it.
internal sealed record FlightChannel(string Channel, long Messages, double? MostPerHour, string? LimitedBy, DateTimeOffset? End);

/// Null plan: the errors say what keeps it from being made.
internal sealed record FlightPlanAnswer(FlightPlan? Plan, Reach? Reach, IReadOnlyList<PlanError> Errors);
