using NotificationServer.Channels;

namespace NotificationServer.Delivery.Gates;

/// How the calls of one account went lately, as this node saw them. Rolling, in thirty steps, on the monotonic clock.
internal sealed class CallWindow(GatesOptions options, TimeProvider clock)
{
    private const int Steps = 30;

    private readonly Lock gate = new();
    private readonly int[] calls = new int[Steps], failures = new int[Steps];
    private readonly long began = clock.GetTimestamp();
    private long newest;
    private int unanswered, refusals;

    /// Why the account must be left alone, if that follows from this call.
    public string? Add(SendOutcome outcome)
    {
        lock (gate)
        {
            Roll();
            var failed = IsFailure(outcome);
            calls[newest % Steps]++;
            if (failed) failures[newest % Steps]++;
            unanswered = outcome.Status is SendStatus.Unknown or SendStatus.NotSent ? unanswered + 1 : 0;
            // Only an acceptance proves the credentials; other refusals in between say nothing about them.
            refusals = outcome.Status is SendStatus.Misconfigured ? refusals + 1 : outcome.Status is SendStatus.Accepted ? 0 : refusals;

            if (refusals >= options.RefusalsInARow) return $"misconfigured: {outcome.Detail ?? outcome.Code}";
            if (unanswered >= options.UnansweredInARow) return $"{unanswered} calls in a row without an answer: {outcome.Code}";
            var (all, bad) = (calls.Sum(), failures.Sum());
            return failed && all >= options.LeastCalls && bad >= options.FailureShare * all ? $"{bad} of {all} calls failed: {outcome.Code}" : null;
        }
    }

    /// Nothing that was seen before an account was closed counts against it when it is open again.
    public void Clear()
    {
        lock (gate)
        {
            Array.Clear(calls);
            Array.Clear(failures);
            (unanswered, refusals) = (0, 0);
        }
    }

    public (int Calls, int Failed) Totals
    {
        get
        {
            lock (gate)
            {
                Roll();
                return (calls.Sum(), failures.Sum());
            }
        }
    }

    /// Calls a second, over the window.
    public double PerSecond
    {
        get
        {
            lock (gate)
            {
                Roll();
                return calls.Sum() / options.Window.TotalSeconds;
            }
        }
    }

    public double FailureShare
    {
        get
        {
            lock (gate)
            {
                Roll();
                var all = calls.Sum();
                return all == 0 ? 0 : (double)failures.Sum() / all;
            }
        }
    }

    public static bool IsFailure(SendOutcome outcome) => outcome.Status switch
    {
        SendStatus.Transient or SendStatus.Unknown or SendStatus.NotSent or SendStatus.Misconfigured => true,
        // With a time to wait it has a gate of its own; without one, backing off is up to us.
        SendStatus.Throttled => outcome.RetryAfter is null,
        SendStatus.Accepted or SendStatus.Permanent or SendStatus.AddressDead => false,
    };

    private void Roll()
    {
        var now = (long)(clock.GetElapsedTime(began) / (options.Window / Steps));
        for (var step = Math.Max(newest + 1, now - Steps + 1); step <= now; step++) (calls[step % Steps], failures[step % Steps]) = (0, 0);
        newest = now;
    }
}
