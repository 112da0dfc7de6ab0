namespace NotificationServer.Delivery.Gates;

/// What the database says of one account.
internal sealed record GateRow
{
    public required string Account { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public string? Reason { get; init; }
    public required string Breaker { get; init; }
    /// Since when, while it is not closed.
    public DateTimeOffset? OpenedAt { get; init; }
    public DateTimeOffset? OpenUntil { get; init; }
    public int TimesOpened { get; init; }
    public DateTimeOffset? ProbeUntil { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    /// While a probe is under way nobody knows how long it takes: long enough that a backlog does not go round and round.
    private static readonly TimeSpan ProbeUnderWay = TimeSpan.FromSeconds(5);

    public const string Closed = "closed", Open = "open", HalfOpen = "half_open";

    /// Judged by PostgreSQL's clock.
    public Admission At(DateTimeOffset now)
    {
        if (NotBefore > now) return Admission.ClosedFor(NotBefore.Value - now);
        // Open: until its time is over. Half open: until the probe under way has surely ended. Then somebody may probe.
        var until = Breaker switch { Open => OpenUntil, HalfOpen => ProbeUntil, _ => null };
        if (until is null) return Admission.Open;
        if (until <= now) return Admission.Probe;
        var wait = until.Value - now;
        return Admission.ClosedFor(Breaker == HalfOpen && wait > ProbeUnderWay ? ProbeUnderWay : wait);
    }
}

internal enum AdmissionKind
{
    Open,
    /// Closed, but its time is over: one call in the cluster may find out whether it works again.
    Probe,
    Closed,
}

/// Whether an account may be called, and if not, when to ask again.
internal readonly record struct Admission(AdmissionKind Kind, TimeSpan Wait)
{
    private static readonly TimeSpan Crowded = TimeSpan.FromSeconds(0.2);

    /// So many calls may begin, as far as the account is concerned. One is enough to find out whether a provider works again.
    public int Most { get; private init; } = Kind switch { AdmissionKind.Open => int.MaxValue, AdmissionKind.Probe => 1, AdmissionKind.Closed => 0 };

    public static readonly Admission Open = new(AdmissionKind.Open, TimeSpan.Zero);
    public static readonly Admission Probe = new(AdmissionKind.Probe, TimeSpan.Zero);
    public static Admission ClosedFor(TimeSpan wait) => new(AdmissionKind.Closed, wait);

    /// For a channel with several accounts: the one that takes more now, or that takes something sooner.
    public bool IsBetterThan(Admission other) =>
        Kind != other.Kind ? Kind < other.Kind : Kind == AdmissionKind.Open ? Most > other.Most : Wait < other.Wait;

    /// Both must let it in.
    public Admission And(Admission other)
    {
        var (first, second) = Kind >= other.Kind ? (this, other) : (other, this);
        return first.Kind switch
        {
            AdmissionKind.Open => Most <= other.Most ? this : other,
            AdmissionKind.Probe => first,
            AdmissionKind.Closed => second.Kind == AdmissionKind.Closed && second.Wait > first.Wait ? second : first,
        };
    }

    /// Open again since a moment ago.
    public static Admission OpenTo(int most) => most == 0 ? ClosedFor(Crowded) : Open with { Most = most };
}
