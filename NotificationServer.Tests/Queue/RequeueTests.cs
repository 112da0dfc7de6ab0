using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class RequeueTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    [Fact]
    public async Task It_starts_afresh_but_the_attempts_go_on_so_that_an_old_one_stays_fenced_off()
    {
        var job = await queue.GivenRunning();
        await queue.Write(QueueFixture.Again(job));
        var last = Assert.Single(await queue.Claim(), one => one.Id == job.Id);
        await queue.Claims.ReleaseAsync([last], CancellationToken.None);
        last = Assert.Single(await queue.Claim(), one => one.Id == job.Id);
        await queue.Write(new JobResult { Job = last, End = MessageStatus.Failed, Reason = "template_error: gone" });

        Assert.Equal(RequeueStatus.Requeued, await queue.Requeue.RequeueAsync(job.Id, "repaired", "ann", null, CancellationToken.None));

        var again = Assert.Single(await queue.Claim(), one => one.Id == job.Id);
        Assert.Equal((last.Attempt + 1, 0, 0), (again.Attempt, again.Failures, again.Unknowns));
        Assert.Equal(0, (await queue.Write(QueueFixture.Failed(last))).Ended);
        Assert.Equal(MessageStatus.Sending, await queue.StatusOf(job.Id));
    }

    [Fact]
    public async Task Of_two_operators_at_the_same_message_one_does_it()
    {
        var job = await queue.GivenRunning(Channel.Email);
        await queue.Write(QueueFixture.Failed(job));

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(i =>
            Task.Run(() => queue.Requeue.RequeueAsync(job.Id, "repaired", $"operator {i}", null, CancellationToken.None))));

        Assert.Equal([RequeueStatus.Requeued, RequeueStatus.NotFailed], answers.Order());
    }

    [Fact]
    public async Task What_was_accepted_after_all_is_refused()
    {
        var job = await queue.GivenRunning(Channel.WebPush);
        await queue.Write(QueueFixture.Failed(job));
        await queue.Write(QueueFixture.Sent(job with { Attempt = 7 }));

        Assert.Equal(RequeueStatus.AcceptedBefore, await queue.Requeue.RequeueAsync(job.Id, "repaired", "ann", null, CancellationToken.None));
        Assert.Equal(MessageStatus.Failed, await queue.StatusOf(job.Id));
    }
}
