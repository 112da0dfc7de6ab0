namespace NotificationServer.Benchmarks.Faults;

/// What a proxy does to the bytes that pass; replaced as a whole, so that no connection sees half of a change.
internal sealed record ProxyRules
{
    public static readonly ProxyRules Pass = new();

    /// New connections are reset at once.
    public bool Refuse { get; init; }

    /// Both directions are read and dropped, as behind a dead router: nobody is told. A connection that lost bytes stays dead.
    public bool HalfOpen { get; init; }

    /// Only connections that said LISTEN are half open.
    public bool HalfOpenListeners { get; init; }

    public TimeSpan Delay { get; init; }
    public TimeSpan Jitter { get; init; }

    /// A statement with these words is carried out, but its answer never arrives: the connection is reset instead.
    public string? CutAfter { get; init; }
    public double CutProbability { get; init; } = 1;

    /// The chance that a connection is reset instead of given an answer.
    public double LoseAnswers { get; init; }

    /// Answers come one byte at a time, this far apart.
    public TimeSpan Drip { get; init; }
}
