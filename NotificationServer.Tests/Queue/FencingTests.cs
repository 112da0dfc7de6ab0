using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Channels;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class FencingTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    [Fact]
    public async Task A_node_that_was_given_up_for_dead_cannot_fail_the_message_it_lost()
    {
        var (lost, retaken) = await GivenRetaken();

        var written = await queue.Write(QueueFixture.Failed(lost));

        Assert.Equal(0, written.Ended);
        Assert.Equal(lost.Attempt + 1, retaken.Attempt);
        Assert.Equal(MessageStatus.Sending, await queue.StatusOf(lost.Id));
    }

    [Fact]
    public async Task Its_late_success_is_kept_but_does_not_take_the_message_from_the_node_that_holds_it()
    {
        var (lost, retaken) = await GivenRetaken();

        await queue.Write(QueueFixture.Sent(lost));

        Assert.Equal(["accepted"], await queue.OutcomesOf(lost.Id));
        Assert.Equal(MessageStatus.Sending, await queue.StatusOf(lost.Id));
        Assert.Equal(1, (await queue.Write(QueueFixture.Sent(retaken))).Ended);
        Assert.Equal(["accepted", "accepted"], await queue.OutcomesOf(lost.Id));
    }

    [Fact]
    public async Task A_late_success_closes_a_message_that_nobody_holds_so_that_it_is_not_sent_twice()
    {
        var lost = await queue.GivenRunning(Channel.Email);
        await Rescue(lost);

        await queue.Write(QueueFixture.Sent(lost));

        Assert.Equal(MessageStatus.Sent, await queue.StatusOf(lost.Id));
        await queue.MakeDue(lost.Id);
        Assert.Empty(await queue.Claim(Channel.Email));
    }

    [Fact]
    public async Task A_rescue_notes_that_nobody_knows_what_came_of_the_attempt()
    {
        var lost = await queue.GivenRunning(Channel.WebPush);
        using var figures = new MetricBook(queue.Meters, NullLogger<MetricBook>.Instance);
        figures.Begin();

        await Rescue(lost);

        Assert.Equal(["unknown"], await queue.OutcomesOf(lost.Id));
        Assert.Equal(MessageStatus.Queued, await queue.StatusOf(lost.Id));
        Assert.Contains($"notifications_attempts_abandoned_total{{channel=\"{Channel.WebPush.Name()}\"}} 1\n", figures.Read(openMetrics: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_that_still_holds_is_left_alone()
    {
        var job = await queue.GivenRunning();

        await queue.Rescuer.RunOnceAsync(CancellationToken.None);

        Assert.Equal(MessageStatus.Sending, await queue.StatusOf(job.Id));
    }

    [Fact]
    public async Task A_result_written_twice_because_the_first_answer_was_lost_changes_nothing_more()
    {
        var job = await queue.GivenRunning();
        await queue.Write(QueueFixture.Sent(job));

        var again = await queue.Write(QueueFixture.Sent(job));

        Assert.Equal(0, again.Ended);
        Assert.Equal(["accepted"], await queue.OutcomesOf(job.Id));
    }

    private async Task Rescue(Job job)
    {
        await queue.LoseLease(job.Id);
        await queue.Rescuer.RunOnceAsync(CancellationToken.None);
    }

    private async Task<(Job Lost, Job Retaken)> GivenRetaken()
    {
        var lost = await queue.GivenRunning(Channel.IosPush);
        await Rescue(lost);
        await queue.MakeDue(lost.Id);
        var retaken = Assert.Single(await queue.Claim(Channel.IosPush), job => job.Id == lost.Id);
        // Written by the rescuer; these tests look at what the attempts themselves report.
        await queue.Execute("delete from attempts where message_id = @Id", new { lost.Id });
        return (lost, retaken);
    }
}
