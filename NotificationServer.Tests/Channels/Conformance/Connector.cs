using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Conformance;

/// What the conformance suite must be told of a vendor; it does the rest.
internal sealed record Connector
{
    /// The settings (with their whole names) of an account at this address.
    public required Func<Uri, Dictionary<string, string?>> Settings { get; init; }
    /// A message that the vendor takes; its address may depend on where the vendor is.
    public required Func<Uri, OutboundMessage> Message { get; init; }
    /// How the vendor accepts, and the id that it gives thereby.
    public required Func<RecordedRequest, VendorAnswer> Accepts { get; init; }
    public required string? MessageId { get; init; }
    /// One answer of the vendor for each class of refusal that it has.
    public required IReadOnlyDictionary<SendStatus, VendorAnswer> Refuses { get; init; }
    /// What must be in no word of an outcome: keys, tokens, addresses, texts.
    public required string[] Secrets { get; init; }
    /// Calls that are no send (for an access token), and their answer; null: it is a send.
    public Func<RecordedRequest, VendorAnswer?> Aside { get; init; } = _ => null;
    /// HTTP/2 and nothing else.
    public bool Http2Only { get; init; }
    /// What a success with an unreadable body is; some vendors' successes have no body at all.
    public SendStatus Unreadable { get; init; } = SendStatus.Unknown;
    /// What a 503 without a word is: a refusal, or (where a repeat costs) nobody knows.
    public SendStatus Silent503 { get; init; } = SendStatus.Transient;
    /// What a 500 without a word is, where that is something else.
    public SendStatus? Silent500 { get; init; }
    /// How long a throttled send waits if the vendor does not say in any way that makes sense.
    public TimeSpan? UsualWait { get; init; }
}
