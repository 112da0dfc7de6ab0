using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class DeadLetterTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    private sealed record Letter(string Fingerprint, string Reason, int Attempts, bool Quarantined, bool MayHaveBeenSent, string? Provider, string? ErrorCode);

    [Fact]
    public async Task A_message_that_fails_leaves_a_dead_letter_in_the_same_commit()
    {
        var job = await queue.GivenRunning();

        await queue.Write(QueueFixture.Failed(job));

        var letter = await LetterOf(job.Id);
        Assert.Equal(("refused", 1, false, false, "twilio"), (letter.Reason, letter.Attempts, letter.Quarantined, letter.MayHaveBeenSent, letter.Provider));
    }

    [Fact]
    public async Task Equal_failures_of_one_batch_and_of_later_ones_are_one_group()
    {
        var jobs = new[] { await queue.GivenRunning(), await queue.GivenRunning(), await queue.GivenRunning() };
        await queue.Write(Because(jobs[0], "mail 1 refused"), Because(jobs[1], "mail 2 refused"));

        await queue.Write(Because(jobs[2], "mail 33 refused"));

        var letters = await Task.WhenAll(jobs.Select(job => LetterOf(job.Id)));
        var fingerprint = Assert.Single(letters.Select(letter => letter.Fingerprint).Distinct());
        Assert.Equal((3L, "mail <n> refused", jobs[2].Id), await queue.Query<(long, string, Guid)>(
            "select total, summary, sample_message_id from failure_groups where fingerprint = @fingerprint", new { fingerprint }));
    }

    [Fact]
    public async Task A_message_that_succeeds_or_comes_again_leaves_none()
    {
        var sent = await queue.GivenRunning();
        var again = await queue.GivenRunning();

        await queue.Write(QueueFixture.Sent(sent), QueueFixture.Again(again));

        Assert.Equal(0, await queue.Query<long>("select count(*) from dead_letters where message_id = any(@ids)", new { ids = new[] { sent.Id, again.Id } }));
    }

    [Fact]
    public async Task A_failure_that_arrives_from_a_lost_lease_leaves_none()
    {
        var job = await queue.GivenRunning(Channel.Email);
        await queue.LoseLease(job.Id);
        await queue.Rescuer.RunOnceAsync(CancellationToken.None);

        await queue.Write(QueueFixture.Failed(job));

        Assert.Equal(0, await queue.Query<long>("select count(*) from dead_letters where message_id = @Id", new { job.Id }));
    }

    [Fact]
    public async Task What_an_unknown_outcome_ended_may_have_been_sent_and_says_so()
    {
        var job = await queue.GivenRunning();

        await queue.Write(QueueFixture.Failed(job) with { Attempt = QueueFixture.Failed(job).Attempt! with { Outcome = Attempt.UnknownOutcome } }); // Failed has one

        Assert.True((await LetterOf(job.Id)).MayHaveBeenSent);
    }

    [Fact]
    public async Task A_failure_before_any_call_is_told_with_its_code()
    {
        var job = await queue.GivenRunning();

        await queue.Write(new JobResult { Job = job, End = MessageStatus.Failed, Reason = "template_error: no name", Code = "template_error" });

        var letter = await LetterOf(job.Id);
        Assert.Equal((null, "template_error", 0), (letter.Provider, letter.ErrorCode, letter.Attempts));
    }

    [Fact]
    public async Task A_message_whose_node_died_three_times_is_quarantined_instead_of_sent_again()
    {
        var id = await queue.GivenMessage(Channel.WebPush);
        for (var crash = 1; crash <= 3; crash++)
        {
            await queue.MakeDue(id);
            Assert.Single(await queue.Claim(Channel.WebPush), job => job.Id == id);
            await queue.LoseLease(id);
            await queue.Quarantine.RunOnceAsync(CancellationToken.None);
            await queue.Rescuer.RunOnceAsync(CancellationToken.None);
        }

        Assert.Equal(MessageStatus.Failed, await queue.StatusOf(id));
        Assert.Equal(["unknown", "unknown", "unknown"], await queue.OutcomesOf(id));
        var letter = await LetterOf(id);
        Assert.Equal((true, true, Quarantine.Code), (letter.Quarantined, letter.MayHaveBeenSent, letter.ErrorCode));
        await queue.MakeDue(id);
        Assert.Empty(await queue.Claim(Channel.WebPush));
    }

    private static JobResult Because(Job job, string detail) =>
        QueueFixture.Failed(job) with { Attempt = QueueFixture.Failed(job).Attempt! with { Detail = detail } }; // Failed has one

    private Task<Letter> LetterOf(Guid id) => queue.Query<Letter>(
        "select fingerprint, reason, attempts, quarantined, may_have_been_sent, provider, error_code from dead_letters where message_id = @id", new { id });
}
