using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Delivery;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Delivery;

public sealed class VerdictTests
{
    private static readonly QueueOptions Queue = new();

    private readonly Verdict verdict = new(new RetryDelay(Options.Create(Queue), Random.Shared), Options.Create(new DeliveryOptions()), Options.Create(Queue));

    [Fact]
    public void What_breaks_on_its_way_is_tried_again_for_a_day_and_then_left_to_a_person()
    {
        var (first, young, old) = (Failing(null), Failing(Queue.GiveUpAfter - TimeSpan.FromHours(1)), Failing(Queue.GiveUpAfter + TimeSpan.FromHours(1)));
        var defect = new InvalidOperationException("of ann@example.org");

        Assert.True(ComesAgain(verdict.Broke(first, defect)));
        Assert.True(ComesAgain(verdict.Broke(young, defect)));
        var given = verdict.Broke(old, defect);
        Assert.Equal(MessageStatus.Failed, given.End);
        Assert.DoesNotContain("ann@example.org", given.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_waited_for_a_connection_in_vain_has_not_failed()
    {
        var result = verdict.InVain(Failing(null));

        Assert.True(result is { End: null, Counts: false, Attempt: null });
    }

    private static bool ComesAgain(JobResult result) => result is { End: null, Counts: true };

    private static Job Failing(TimeSpan? since)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new Job
        {
            Id = Guid.CreateVersion7(), Channel = "email", Lane = Lane.Bulk, Attempt = 3, Failures = 2, Unknowns = 0, FirstFailedAt = now - since,
            ClaimedAt = now, ClaimStarted = Stopwatch.GetTimestamp(),
        };
    }
}
