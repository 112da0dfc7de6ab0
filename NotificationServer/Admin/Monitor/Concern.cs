namespace NotificationServer.Admin.Monitor;

/// Something that is not as it should be, in one sentence, and where to go with it. Tone: fail needs a person now, warn should be known.
internal sealed record Concern(string Tone, string Sentence, string Href, string Action)
{
    /// Of whom it is, where it is of a channel.
    public string? Channel { get; init; }
    public DateTimeOffset? Since { get; init; }
    /// Where the failed ones are put back, when that is what mends it.
    public string? Requeue { get; init; }
    /// Of two of one tone, the one that more wait for comes first.
    public long Weight { get; init; }
}
