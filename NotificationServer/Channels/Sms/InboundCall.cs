using NotificationServer.Channels.Receipts;

namespace NotificationServer.Channels.Sms;

/// A callback as it came: its bytes, and the addresses under which the provider may know us (a signature covers the address).
internal sealed record InboundCall(IReadOnlyList<string> Urls, IHeaderDictionary Headers, string? ContentType, byte[] Body);

internal enum InboundVerdict
{
    Valid,
    /// Signed by nobody we know, changed under way, or too old.
    Refused,
    /// Not signed at all. Vonage does that now and then, and signs when it tries again.
    Unsigned,
    /// Nobody set the secret by which such calls are known.
    NotConfigured,
}

/// A text that somebody sent us. Told: what the provider made of it and has answered already (STOP, START, HELP).
internal sealed record InboundText(string Id, string From, string Text, string? Told = null);

internal interface IInboundSmsReader
{
    /// As in options: `twilio`.
    string Vendor { get; }

    /// Valid without a text: a call that is no text, such as a receipt.
    (InboundVerdict Verdict, InboundText? Text) Read(InboundCall call, CallbackSecrets secrets);
}
