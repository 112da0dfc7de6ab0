namespace NotificationServer.Simulator.Faults;

internal enum ResetKind
{
    None,
    /// HTTP/2: RST_STREAM; HTTP/1.1 has no streams, so the connection goes.
    Stream,
    /// TCP RST: everything else in flight on the connection is lost with it.
    Connection,
}

/// What a provider does wrong. Members combine where that makes sense (a delay before a status, say).
internal sealed record Fault
{
    /// Answer with this status and the provider's own error body.
    public int? Status { get; init; }
    /// The provider's error code (APNs reason, FCM errorCode, Twilio number); null: the usual one of the status.
    public string? Code { get; init; }
    /// Between the record in the ledger, if any, and the answer.
    public TimeSpan Delay { get; init; }
    /// Never answer.
    public bool Hang { get; init; }
    /// Withhold the answer until the fault is cleared.
    public bool Hold { get; init; }
    public ResetKind Reset { get; init; }
    /// 200 with a body that is not what the provider ever says.
    public bool Garbage { get; init; }
    /// Announce the whole answer, send half, close.
    public bool Truncate { get; init; }
    /// Raw text for the header by which the provider asks to wait.
    public string? RetryAfter { get; init; }
    /// The provider's way to say that the address must not be used again.
    public bool DeadToken { get; init; }
    /// Only for one recipient's first request; the second goes through.
    public bool OncePerRecipient { get; init; }
    public double Probability { get; init; } = 1;
    /// For so many requests; null: until cleared.
    public int? Count { get; init; }
    /// Whether the message is taken (and in the ledger) although the sender is not told; null: as the kind of fault suggests.
    public bool? Accept { get; init; }

    public bool Accepts => Accept ?? (Status is null or < 300 && !DeadToken && Reset == ResetKind.None);
}
