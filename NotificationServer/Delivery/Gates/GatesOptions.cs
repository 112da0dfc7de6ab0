using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Delivery.Gates;

/// When a provider account is left alone, and for how long.
internal sealed class GatesOptions
{
    public const string Section = "Gates";

    private const string Shortest = "00:00:00.05";
    private const string Longest = "01:00:00";

    /// How old a node's picture of the gates may be: what one node learns of a provider, all obey after this time at most.
    [Range(typeof(TimeSpan), Shortest, "00:00:10")]
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(1);

    /// The calls that the breaker judges by.
    [Range(typeof(TimeSpan), "00:00:01", Longest)]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// It opens at this share of failures ...
    [Range(0.01, 1)]
    public double FailureShare { get; init; } = 0.5;

    /// ... of at least so many calls ...
    [Range(1, 100_000)]
    public int LeastCalls { get; init; } = 20;

    /// ... or at so many calls in a row that nobody answered.
    [Range(1, 1000)]
    public int UnansweredInARow { get; init; } = 5;

    /// So many refusals of our credentials in a row, with no acceptance between them, close the account. One alone may be due to
    /// one message (a sender, a topic) and must not stop the others.
    [Range(1, 1000)]
    public int RefusalsInARow { get; init; } = 3;

    /// How long it stays open at first; doubled each time that the probe fails.
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(30);

    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan OpenAtMost { get; init; } = TimeSpan.FromMinutes(5);

    /// A probe that has said nothing for so long died with its node; longer than any provider call.
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(60);

    /// While an account is failing, repeats are held to this share of the first tries, per node and minute: an outage must not
    /// be made worse by those that it has hit already.
    [Range(0, 1)]
    public double RetryShare { get; init; } = 0.2;

    /// So many repeats a minute are always allowed.
    [Range(1, 1_000_000)]
    public int RetriesAMinute { get; init; } = 60;

    /// From this share of failures on an account counts as failing.
    [Range(0, 1)]
    public double RetriesFreeBelow { get; init; } = 0.1;
}
