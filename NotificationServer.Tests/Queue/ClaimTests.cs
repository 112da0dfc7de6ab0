using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class ClaimTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    [Fact]
    public async Task Eight_claimers_share_the_work_without_ever_sharing_a_message()
    {
        var ids = Enumerable.Range(0, 3000).Select(_ => Guid.CreateVersion7()).ToList();
        await queue.GivenMessages(ids.ConvertAll(id => QueueFixture.New(id, Channel.AndroidPush)));

        var claimed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(ClaimAllAsync)));

        Assert.Equal(ids.Order(), claimed.SelectMany(jobs => jobs).Order());
    }

    private async Task<List<Guid>> ClaimAllAsync()
    {
        var claims = queue.ClaimsOfAnotherNode();
        var mine = new List<Guid>();
        while (true)
        {
            var jobs = await claims.ClaimAsync("android_push", new LaneLimits(50, 50, 50, 50, 0), CancellationToken.None);
            Assert.True(jobs.Count <= 50);
            if (jobs.Count == 0) return mine;
            mine.AddRange(jobs.Select(job => job.Id));
        }
    }

    [Fact]
    public async Task A_bulk_backlog_does_not_stand_in_the_way_of_a_sign_in_code()
    {
        await queue.GivenMessages(Enumerable.Range(0, 500).Select(_ => QueueFixture.New(Guid.CreateVersion7(), Channel.Email, Lane.Bulk)).ToList());
        var code = await queue.GivenMessage(Channel.Email, Lane.Critical);

        var jobs = await queue.Claim(Channel.Email, new LaneLimits(10, 9, 9, 8, 1));

        Assert.Contains(jobs, job => job.Id == code);
        Assert.Equal(9, jobs.Count);
        Assert.Equal(8, jobs.Count(job => job.Lane == Lane.Bulk));
    }

    [Fact]
    public async Task What_is_kept_for_bulk_is_out_of_reach_for_the_lanes_above()
    {
        await queue.GivenMessages(
        [
            .. Enumerable.Range(0, 30).Select(_ => QueueFixture.New(Guid.CreateVersion7(), Channel.WebPush, Lane.Transactional)),
            .. Enumerable.Range(0, 30).Select(_ => QueueFixture.New(Guid.CreateVersion7(), Channel.WebPush, Lane.Bulk)),
        ]);

        var jobs = await queue.Claim(Channel.WebPush, new LaneLimits(10, 8, 9, 8, 2));

        Assert.Equal(8, jobs.Count(job => job.Lane == Lane.Transactional));
        Assert.Equal(2, jobs.Count(job => job.Lane == Lane.Bulk));
    }

    [Fact]
    public async Task What_is_scheduled_for_later_is_left_until_then()
    {
        var later = await queue.GivenMessage(Channel.IosPush, sendAt: TimeProvider.System.GetUtcNow().AddHours(1));

        Assert.DoesNotContain(await queue.Claim(Channel.IosPush), job => job.Id == later);

        await queue.MakeDue(later);
        Assert.Contains(await queue.Claim(Channel.IosPush), job => job.Id == later);
    }

    [Fact]
    public async Task A_kind_of_job_that_this_version_does_not_know_is_left_for_one_that_does()
    {
        var strange = await queue.GivenMessage();
        await queue.Execute("update jobs set kind = 99 where id = @strange", new { strange });

        Assert.DoesNotContain(await queue.Claim(), job => job.Id == strange);
        Assert.Equal(MessageStatus.Queued, await queue.StatusOf(strange));
    }

    [Fact]
    public async Task A_released_job_is_free_at_once_and_its_attempt_stays_fenced()
    {
        var job = await queue.GivenRunning();

        await queue.Claims.ReleaseAsync([job], CancellationToken.None);

        var again = Assert.Single(await queue.Claim(), claimed => claimed.Id == job.Id);
        Assert.Equal(job.Attempt + 1, again.Attempt);
        Assert.Equal(0, again.Failures);
    }
}
