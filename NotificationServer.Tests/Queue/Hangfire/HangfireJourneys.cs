using System.Net;
using Dapper;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Queue;
using NotificationServer.Tests.Journeys;

namespace NotificationServer.Tests.Queue.Hangfire;

/// One message, as it is told by us and by Hangfire.
public sealed class HangfireJourneys(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    public async Task A_send_is_a_job_in_the_queue_of_its_channel_and_lane()
    {
        var message = await GivenMail($"{Walk.SomeId()}@example.org");

        await walk.Until(message, "sent");

        await walk.UntilJob(message, "Succeeded");
        var job = walk.Hangfire().JobDetails(await walk.JobOf(message)).Job;
        Assert.Equal(("DeliveryJob", "Send", "email_transactional"), (job.Type.Name, job.Method.Name, job.Queue));
        Assert.Equal(HangfireWalk.IdOf(message), Assert.Single(job.Args));
    }

    [Fact]
    public async Task What_is_to_be_sent_later_is_scheduled_until_then()
    {
        var message = Walk.MessageOf(await walk.Post(new
        {
            to = new[] { new { phone = Walk.SomePhone() } },
            channels = new[] { "sms" },
            content = new { text = "Later" },
            send_at = TimeProvider.System.GetUtcNow().AddHours(2),
        }));

        var scheduled = await walk.UntilJob(message, "Scheduled");
        Assert.InRange(JobHelper.DeserializeDateTime(scheduled.Data["EnqueueAt"]), DateTime.UnixEpoch, TimeProvider.System.GetUtcNow().AddHours(3).UtcDateTime);

        using var client = await walk.SignedInAsync();
        Assert.Equal(HttpStatusCode.NoContent, await client.PressAsync("jobs/scheduled/enqueue", await walk.JobOf(message)));
        await walk.Until(message, "sent");
        await walk.UntilJob(message, "Succeeded");
    }

    [Fact]
    public async Task A_refusal_that_passes_is_scheduled_again_with_what_the_provider_said()
    {
        var message = await GivenMail("once-503+hangfire@sim.example");

        await walk.Until(message, "sent");

        await walk.UntilJob(message, "Succeeded");
        var retry = walk.Hangfire().JobDetails(await walk.JobOf(message)).History.First(state => state.StateName == "Scheduled");
        Assert.Contains("503", retry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_for_good_fails_and_requeued_at_our_desk_the_same_job_goes_on()
    {
        var message = await GivenMail("once-413+desk@sim.example");
        var failed = await walk.Until(message, "failed");
        Assert.Equal(failed.GetProperty("reason").GetString(), (await walk.UntilJob(message, "Failed")).Reason);

        using var response = await walk.Api.PostAsync($"/v1/messages/{message}:requeue", JsonContent("""{"reason":"The mailbox was emptied"}"""));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());

        await walk.Until(message, "sent");
        await walk.UntilJob(message, "Succeeded");
    }

    [Fact]
    public async Task Requeued_in_the_dashboard_it_arrives_and_our_desk_says_who_did_it()
    {
        var message = await GivenMail("once-413+dashboard@sim.example");
        await walk.UntilJob(message, "Failed");
        using var client = await walk.SignedInAsync();

        Assert.Equal(HttpStatusCode.NoContent, await client.PressAsync("jobs/failed/requeue", await walk.JobOf(message)));

        await walk.Until(message, "sent");
        await walk.UntilJob(message, "Succeeded");
        await using var connection = await walk.Server.Database.Source.OpenConnectionAsync();
        Assert.Equal("requeued", await connection.ExecuteScalarAsync<string>("select decision from decisions where message_id = @id", new { id = HangfireWalk.IdOf(message) }));
    }

    [Fact]
    public async Task What_a_provider_accepted_is_not_sent_again_however_often_it_is_requeued()
    {
        var (email, message) = ($"{Walk.SomeId()}@example.org", "");
        message = await GivenMail(email);
        await walk.UntilJob(message, "Succeeded");
        using var client = await walk.SignedInAsync();

        await client.PressAsync("jobs/succeeded/requeue", await walk.JobOf(message));

        await walk.UntilJob(message, "Succeeded");
        Assert.Single(walk.Simulator.Ledger, entry => entry.To == email);
    }

    [Fact]
    public async Task What_is_deleted_in_the_dashboard_is_cancelled_and_what_is_cancelled_is_deleted()
    {
        var (ours, theirs) = (await GivenLater(), await GivenLater());
        using var client = await walk.SignedInAsync();
        await walk.UntilJob(theirs, "Scheduled");

        await client.PressAsync("jobs/scheduled/delete", await walk.JobOf(theirs));
        await walk.Server.Services.GetRequiredService<Cancellation>().CancelAsync([HangfireWalk.IdOf(ours)], CancellationToken.None);

        await walk.Until(theirs, "cancelled");
        await walk.UntilJob(theirs, "Deleted");
        await walk.UntilJob(ours, "Deleted");
    }

    [Fact]
    public async Task A_failed_one_deleted_in_the_dashboard_is_a_discarded_dead_letter()
    {
        var message = await GivenMail("status-413+discard@sim.example");
        await walk.UntilJob(message, "Failed");
        using var client = await walk.SignedInAsync();

        await client.PressAsync("jobs/failed/delete", await walk.JobOf(message));

        await walk.UntilJob(message, "Deleted");
        await using var connection = await walk.Server.Database.Source.OpenConnectionAsync();
        Assert.Equal((0, "discarded"), await connection.QuerySingleAsync<(int, string)>(
            "select (select count(*) from dead_letters where message_id = @id)::int, decision from decisions where message_id = @id", new { id = HangfireWalk.IdOf(message) }));
    }

    [Fact]
    public async Task House_keeping_recurs_in_the_right_time_zone()
    {
        using var connection = walk.Server.Services.GetRequiredService<JobStorage>().GetConnection();
        await Support.Eventually.IsTrueAsync(() => connection.GetRecurringJobs().All(job => job.LastJobId is not null || job.Id == "retention"));

        Assert.Equal([("partitions", "Etc/UTC"), ("retention", "Etc/UTC")], connection.GetRecurringJobs().Select(job => (job.Id, job.TimeZoneId)).Order());
    }

    [Fact]
    public async Task A_recurring_campaign_stands_among_the_recurring_jobs_with_its_hour_and_zone_for_as_long_as_it_is_planned()
    {
        await using var database = await walk.Server.Database.Source.OpenConnectionAsync();
        var id = await database.ExecuteScalarAsync<Guid>("""
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by, next_run_at)
            values (gen_random_uuid(), gen_random_uuid(), 'Monday offers', 'scheduled',
                '{"schedule": {"kind": "recurring", "cron": "0 9 * * 1", "time_zone": "Europe/Zurich"}}', 'test', 'test', now() + interval '3 days')
            returning id
            """);
        using var connection = walk.Server.Services.GetRequiredService<JobStorage>().GetConnection();

        await Support.Eventually.IsTrueAsync(() => connection.GetRecurringJobs().Any(job => job.Id == $"campaign-{id:N}"));
        var shown = connection.GetRecurringJobs().Single(job => job.Id == $"campaign-{id:N}");
        Assert.Equal(("0 9 * * 1", "Europe/Zurich"), (shown.Cron, shown.TimeZoneId));

        await database.ExecuteAsync("update campaigns set status = 'cancelled', next_run_at = null where id = @id", new { id });
        await Support.Eventually.IsTrueAsync(() => connection.GetRecurringJobs().All(job => job.Id != $"campaign-{id:N}"));
    }

    private async Task<string> GivenMail(string email) => Walk.MessageOf(await walk.Post(new
    {
        to = new[] { new { email } },
        channels = new[] { "email" },
        content = new { subject = "Hello", text = "There" },
    }));

    private async Task<string> GivenLater() => Walk.MessageOf(await walk.Post(new
    {
        to = new[] { new { phone = Walk.SomePhone() } },
        channels = new[] { "sms" },
        content = new { text = "Later" },
        send_at = TimeProvider.System.GetUtcNow().AddHours(2),
    }));

    private static StringContent JsonContent(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
