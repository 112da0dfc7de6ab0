namespace NotificationServer.Channels;

/// A connector whose vendor has a call that proves the credentials and does nothing else.
internal interface ICredentialCheck
{
    /// Accepted: they are good. Never throws for what a network or a vendor does.
    Task<SendOutcome> CheckAsync(CancellationToken ct);
}
