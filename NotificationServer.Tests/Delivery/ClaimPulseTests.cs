using Microsoft.Extensions.Options;
using NotificationServer.Delivery;
using NotificationServer.Platform.Health;
using NotificationServer.Queue;
using NotificationServer.Tests.Delivery.Gates;

namespace NotificationServer.Tests.Delivery;

public sealed class ClaimPulseTests
{
    private readonly HandClock clock = new();
    private readonly ClaimPulse pulse;

    public ClaimPulseTests() => pulse = new ClaimPulse(
        Options.Create(new HealthOptions { WorkersWithin = TimeSpan.FromSeconds(10) }), Options.Create(new QueueOptions { Poll = TimeSpan.FromSeconds(5) }), clock);

    [Fact]
    public async Task A_worker_is_ready_when_each_of_its_loops_has_had_a_turn_that_went_well()
    {
        Assert.Equal(ReadinessResult.Wrong("starting"), await pulse.AskAsync(default));
        var (sms, email) = (pulse.Of("sms"), pulse.Of("email"));
        sms();
        Assert.Equal(ReadinessResult.Wrong("starting"), await pulse.AskAsync(default));

        email();

        Assert.Equal(ReadinessResult.Fine("claiming"), await pulse.AskAsync(default));
    }

    [Fact]
    public async Task One_loop_whose_claims_fail_makes_it_not_ready_until_they_work_again()
    {
        var (sms, email) = (pulse.Of("sms"), pulse.Of("email"));
        sms();
        email();
        clock.Pass(TimeSpan.FromSeconds(15));
        sms();
        // Ten seconds, and the six that an idle loop may wait.
        Assert.Equal(ReadinessResult.Fine("claiming"), await pulse.AskAsync(default));

        clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(ReadinessResult.Wrong("stalled"), await pulse.AskAsync(default));

        email();
        Assert.Equal(ReadinessResult.Fine("claiming"), await pulse.AskAsync(default));
    }
}
