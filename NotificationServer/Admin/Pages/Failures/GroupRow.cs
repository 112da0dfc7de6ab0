namespace NotificationServer.Admin.Pages.Failures;

/// Failures that are the same but for names, numbers and ids.
internal sealed record GroupRow
{
    /// The newest so many make the trend.
    public const int TrendTo = 5_000;

    public required string Fingerprint { get; init; }
    public required string Channel { get; init; }
    public string? Provider { get; init; }
    public string? ErrorCode { get; init; }
    public required string Summary { get; init; }
    /// How often it ever happened.
    public required long Total { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public required DateTimeOffset LastSeen { get; init; }
    public required string State { get; init; }
    public string? MutedBy { get; init; }
    public DateTimeOffset? MutedAt { get; init; }
    public string? MuteReason { get; init; }
    public Guid SampleMessageId { get; init; }
    /// How many wait for a decision.
    public required long Waiting { get; init; }
    /// By hour of the last day, the oldest first: those that still wait.
    public double[]? Trend { get; init; }
    public long Position { get; init; }

    /// Of hours before the oldest that was counted nothing is known.
    public double[] KnownTrend => Trend is not { } hours ? []
        : hours.Sum() < TrendTo ? hours
        : [.. hours.Select((count, hour) => hour < Array.FindIndex(hours, one => one > 0) ? double.NaN : count)];
}
