namespace NotificationServer.Platform.Health;

/// What one check found. The words are fixed ones: they are shown to whoever may ask, and hold no address and no secret.
internal readonly record struct ReadinessResult(bool Passes, string Says)
{
    public static ReadinessResult Fine(string says) => new(true, says);

    public static ReadinessResult Wrong(string says) => new(false, says);
}

/// One thing that must be so before a node should get traffic. Never throws for what a database or a network does, and may be slow: whoever asks
/// waits for so long and then takes it for wrong.
internal interface IReadinessCheck
{
    string Name { get; }

    Task<ReadinessResult> AskAsync(CancellationToken ct);
}
