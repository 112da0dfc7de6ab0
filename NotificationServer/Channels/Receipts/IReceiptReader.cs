using NotificationServer.Channels.Sms;

namespace NotificationServer.Channels.Receipts;

/// A vendor's callbacks: believed or not, and read.
internal interface IReceiptReader
{
    /// As in the address of the callback, and in options: `twilio`.
    string Vendor { get; }

    ChannelFamily Family { get; }

    /// A longer body is not one of theirs.
    int MaxBody { get; }

    /// What is let in without being signed is no longer than this; 0: nothing is.
    int MaxUnsigned => 0;

    /// Whether a signature may be there, as far as can be told before the body is read.
    bool IsSigned(IHeaderDictionary headers);

    /// Valid without receipts: a call that says nothing of a message.
    (InboundVerdict Verdict, IReadOnlyList<Receipt> Receipts) Read(InboundCall call, CallbackSecrets secrets);
}
