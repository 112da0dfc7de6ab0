namespace NotificationServer.Simulator;

/// Where each provider listens.
internal sealed record SimulatorUrls
{
    public required Uri Apns { get; init; }
    public required Uri Fcm { get; init; }
    public required Uri FcmOAuth { get; init; }
    public required Uri Twilio { get; init; }
    public required Uri SendGrid { get; init; }
    /// The Messages API of Vonage, and its older SMS API, which has a host of its own out there too.
    public required Uri Vonage { get; init; }
    public required Uri VonageSms { get; init; }
    public required Uri Mailchimp { get; init; }
    /// smtps: TLS from the first byte; smtp: STARTTLS.
    public required Uri SmtpImplicit { get; init; }
    public required Uri SmtpStartTls { get; init; }
    public required Uri WebPush { get; init; }
    public required Uri JPush { get; init; }
    public required Uri Pushy { get; init; }
    /// Faults, ledger and figures; plain HTTP.
    public required Uri Control { get; init; }

    public Uri FcmToken => new(FcmOAuth, "token");
}
