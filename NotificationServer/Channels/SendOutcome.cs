using NotificationServer.Platform;

namespace NotificationServer.Channels;

/// How one call of a provider ended. What happens next follows from this alone.
internal enum SendStatus
{
    /// The provider took it.
    Accepted,
    /// It never left: no connection, no name, no TLS, no gate. A repeat can never be a duplicate.
    NotSent,
    /// Refused because we are too fast; nothing is wrong with the message, and the attempt is not counted.
    Throttled,
    /// Refused for now.
    Transient,
    /// Refused for good; the message is at fault.
    Permanent,
    /// Refused for good; the address is at fault and must not be used again.
    AddressDead,
    /// Refused because of our credentials or set-up: the provider is at fault, not the message.
    Misconfigured,
    /// Nobody knows: the request was written, and no readable answer came.
    Unknown,
}

internal static class SendStatusNames
{
    public static string Name(this SendStatus status) => status switch
    {
        SendStatus.Accepted => "accepted",
        SendStatus.NotSent => "not_sent",
        SendStatus.Throttled => "throttled",
        SendStatus.Transient => "transient",
        SendStatus.Permanent => "permanent",
        SendStatus.AddressDead => "address_dead",
        SendStatus.Misconfigured => "misconfigured",
        SendStatus.Unknown => "unknown",
    };
}

/// Detail is for an operator: it never holds an address, a token or a body.
internal readonly record struct SendOutcome(
    SendStatus Status, string? ProviderMessageId = null, string? Code = null, string? Detail = null, TimeSpan? RetryAfter = null)
{
    /// Of an address that is dead: when the provider found that out, if it says so. Who registered later is alive.
    public DateTimeOffset? DeadSince { get; init; }
    /// It never came to a call: what it waited for was ours. No attempt was made, and it says nothing of the provider.
    public bool CalledNobody { get; init; }

    public static SendOutcome Accepted(string? providerMessageId) => new(SendStatus.Accepted, providerMessageId);
    public static SendOutcome NotSent(string code, string detail) => new(SendStatus.NotSent, null, code, detail);
    public static SendOutcome NotCalled(string code, string detail) => NotSent(code, detail) with { CalledNobody = true };
    public static SendOutcome Throttled(string code, string detail, TimeSpan? after) => new(SendStatus.Throttled, null, code, detail, after);
    public static SendOutcome Transient(string code, string detail, TimeSpan? after = null) => new(SendStatus.Transient, null, code, detail, after);
    public static SendOutcome Permanent(string code, string detail) => new(SendStatus.Permanent, null, code, detail);
    public static SendOutcome AddressDead(string code, string detail) => new(SendStatus.AddressDead, null, code, detail);
    public static SendOutcome Misconfigured(string code, string detail) => new(SendStatus.Misconfigured, null, code, detail);
    public static SendOutcome Unknown(string code, string detail) => new(SendStatus.Unknown, null, code, detail);

    /// A provider may say anything, and as much of it as it likes; its words go into columns and indexes.
    public SendOutcome Storable() => this with
    {
        ProviderMessageId = ProviderMessageId?.Storable(LongestId),
        Code = Code?.Storable(LongestCode),
        Detail = Detail?.Storable(LongestDetail),
    };

    private const int LongestId = 500;
    private const int LongestCode = 200;
    private const int LongestDetail = 1000;
}
