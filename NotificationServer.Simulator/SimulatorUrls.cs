namespace NotificationServer.Simulator;

/// Where each provider listens.
internal sealed record SimulatorUrls
{
    public required Uri Apns { get; init; }
    public required Uri Fcm { get; init; }
    public required Uri FcmOAuth { get; init; }
    public required Uri Twilio { get; init; }
    public required Uri SendGrid { get; init; }
    /// Faults, ledger and figures; plain HTTP.
    public required Uri Control { get; init; }

    public Uri FcmToken => new(FcmOAuth, "token");
}
