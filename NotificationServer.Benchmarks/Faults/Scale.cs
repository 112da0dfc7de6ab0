using System.Globalization;

namespace NotificationServer.Benchmarks.Faults;

/// How long and how hard: the small one is for every test run, the long one has the times of production.
internal sealed record Scale
{
    public required string Name { get; init; }
    /// Events in a usual load.
    public required int Events { get; init; }
    public required int Rounds { get; init; }
    /// How long a fault lasts where the scenario sets no time of its own.
    public required TimeSpan Outage { get; init; }
    public required TimeSpan Lease { get; init; }
    public required TimeSpan Sweep { get; init; }
    public required TimeSpan Poll { get; init; }
    /// Of one provider call.
    public required TimeSpan Deadline { get; init; }
    public required TimeSpan RetryBase { get; init; }
    public required TimeSpan UnknownWait { get; init; }
    public required TimeSpan MisconfiguredWait { get; init; }
    /// How long the breaker of a failing provider stays open at first.
    public required TimeSpan OpenFor { get; init; }
    /// The repeats that a failing account is always allowed.
    public required int RetriesAMinute { get; init; }
    /// Of the calls that the breaker judges by.
    public required TimeSpan Window { get; init; }

    /// The times are those of the server's own configuration.
    public bool IsAsConfigured { get; init; }

    /// The loss of one node is made good within this: lease, sweep, and the first delay after a rescue.
    public TimeSpan Recovery => Lease + (Sweep * 1.3) + TimeSpan.FromSeconds(10);

    public static readonly Scale Small = new()
    {
        Name = "small",
        Events = 120,
        Rounds = 2,
        Outage = TimeSpan.FromSeconds(2),
        Lease = TimeSpan.FromSeconds(8),
        Sweep = TimeSpan.FromSeconds(0.5),
        Poll = TimeSpan.FromSeconds(0.2),
        Deadline = TimeSpan.FromSeconds(4),
        RetryBase = TimeSpan.FromSeconds(0.2),
        UnknownWait = TimeSpan.FromSeconds(4.1),
        MisconfiguredWait = TimeSpan.FromSeconds(0.5),
        OpenFor = TimeSpan.FromSeconds(1),
        RetriesAMinute = 20,
        Window = TimeSpan.FromSeconds(5),
    };

    public static readonly Scale Long = new()
    {
        Name = "long",
        Events = 10_000,
        Rounds = 20,
        Outage = TimeSpan.FromSeconds(60),
        Lease = TimeSpan.FromSeconds(60),
        Sweep = TimeSpan.FromSeconds(10),
        Poll = TimeSpan.FromSeconds(1),
        Deadline = TimeSpan.FromSeconds(10),
        RetryBase = TimeSpan.FromSeconds(5),
        UnknownWait = TimeSpan.FromSeconds(20),
        MisconfiguredWait = TimeSpan.FromSeconds(5),
        OpenFor = TimeSpan.FromSeconds(30),
        RetriesAMinute = 60,
        Window = TimeSpan.FromSeconds(30),
    };

    /// What this scale says of waits is only what others reckon with; the servers keep what they are configured with.
    public static readonly Scale AsConfigured = Long with { Name = "as configured", IsAsConfigured = true, UnknownWait = TimeSpan.FromMinutes(2) };

    public IEnumerable<KeyValuePair<string, string>> ServerSettings()
    {
        if (IsAsConfigured) yield break;
        yield return new("Queue__Lease", $"{Lease:c}");
        yield return new("Queue__Sweep", $"{Sweep:c}");
        yield return new("Queue__Poll", $"{Poll:c}");
        yield return new("Queue__RetryBase", $"{RetryBase:c}");
        yield return new("Queue__RetryCap", $"{RetryBase * 10:c}");
        yield return new("Delivery__UnknownWait", $"{UnknownWait:c}");
        yield return new("Delivery__MisconfiguredWait", $"{MisconfiguredWait:c}");
        yield return new("Gates__OpenFor", $"{OpenFor:c}");
        yield return new("Gates__OpenAtMost", $"{OpenFor * 2:c}");
        yield return new("Gates__Refresh", $"{Poll:c}");
        yield return new("Gates__Window", $"{Window:c}");
        yield return new("Gates__RetriesAMinute", RetriesAMinute.ToString(CultureInfo.InvariantCulture));
        yield return new("Gates__Probe", $"{Deadline * 2:c}");
        foreach (var family in new[] { "Push", "Sms", "Email" }) yield return new($"Channels__{family}Deadline", $"{Deadline:c}");
    }
}
