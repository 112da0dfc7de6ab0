using System.Globalization;

namespace NotificationServer.Benchmarks.Faults;

/// The books of one scenario.
internal sealed record LedgerLine
{
    public required string Scenario { get; init; }
    /// Events that the client tried to have sent.
    public int Attempts { get; init; }
    /// Of these: answered with a 2xx.
    public int Acked { get; init; }
    /// Of these: accepted by the provider exactly once, or ended with a reason where that is allowed.
    public int Ok { get; init; }
    /// Acknowledged, and neither at the provider nor to be seen anywhere.
    public int Lost { get; init; }
    /// Never acknowledged, and sent all the same.
    public int Recovered { get; init; }
    /// Accepted by the provider more than once.
    public int Duplicated { get; init; }
    /// Anything else that must not be; <see cref="Findings"/> says what.
    public int Unexpected { get; init; }
    public double DuplicatesPerMillion { get; init; }
    public double RecoverySeconds { get; init; }
    public double OtherChannelP99Milliseconds { get; init; }
    public int Dead { get; init; }
    public bool Valid { get; init; }
    public IReadOnlyList<string> Findings { get; init; } = [];
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();
    /// Why it could not be run at all.
    public string? NotRun { get; init; }

    public override string ToString() => NotRun is not null ? $"{Scenario} not run: {NotRun}" : string.Create(CultureInfo.InvariantCulture,
        $"{Scenario} attempts {Attempts} acked {Acked} ok {Ok} lost {Lost} recovered {Recovered} duplicated {Duplicated} unexpected {Unexpected}"
        + $" | dup_ppm {DuplicatesPerMillion:0} | recovery_s {RecoverySeconds:0.0} | p99_other_channel_ms {OtherChannelP99Milliseconds:0}"
        + $" | dead {Dead} | valid {(Valid ? "true" : "false")}");
}
