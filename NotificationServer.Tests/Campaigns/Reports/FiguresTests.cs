using System.Text;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Tests.Campaigns.Runs;

namespace NotificationServer.Tests.Campaigns.Reports;

/// What is reported of a run is what happened, whenever it is asked for.
public sealed class FiguresTests(RunWorld world) : IClassFixture<RunWorld>
{
    private FiguresReader Reader => world.Get<FiguresReader>();

    [Fact]
    public async Task At_every_moment_of_a_run_its_people_and_its_messages_add_up()
    {
        await GivenAudienceAsync(300);
        var campaign = await world.GivenDueAsync();
        using var over = new CancellationTokenSource();
        var (looks, between) = (0, 0);
        var watch = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                if (await Reader.OfCampaignAsync(campaign, 1, CancellationToken.None) is not [var seen]) continue;
                Assert.True(seen.PeopleAddUp && seen.MessagesAddUp, $"{seen.Phase}: {seen.Audience} people, {seen.ToCome} to come, {seen.Addressed} addressed; {seen.Messages} messages, {string.Join(", ", seen.Statuses)}");
                Interlocked.Increment(ref looks);
                if (seen is { Phase: "sending", ToCome: > 0, Messages: > 0 }) Interlocked.Increment(ref between);
            }
        })));

        await world.BeginAsync();
        for (var step = 0; (await world.RunOfAsync(campaign)).Phase != "ended"; step++)
        {
            await world.TendAsync();
            await world.ExpandOnceAsync();
            await world.SendAllAsync(failEach: 7);
            if (step % 3 == 0) await world.FoldAsync();
            if (step == 12) await Get<CampaignDesk>().PauseAsync(campaign, "look", "test", CancellationToken.None);
            if (step == 14) await Get<CampaignDesk>().ResumeAsync(campaign, "test", CancellationToken.None);
        }
        await over.CancelAsync();
        await watch;

        Assert.True(looks > 10 && between > 0, $"{looks} looks, {between} of them in the middle");
        var end = Assert.Single(await Reader.OfCampaignAsync(campaign, 1, CancellationToken.None));
        var rows = await world.AskAsync<string>("select string_agg(status || ' ' || n, ', ' order by status) from (select status, count(*) n from messages where campaign_run_id = @RunId group by 1) s", new { end.RunId });
        Assert.Equal(rows, string.Join(", ", end.Statuses.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Equal((300, 298, 0), (end.Audience, end.Addressed, end.ToCome));
        Assert.Equal(end.Of("sent"), end.Taken);
        var moments = await Reader.MomentsAsync(end.RunId, TimeSpan.FromMinutes(10), CancellationToken.None);
        Assert.Equal((end.Taken, end.Messages), (moments.Where(moment => moment.Metric == "taken").Sum(moment => moment.Count), moments.Where(moment => moment.Metric == "done").Sum(moment => moment.Count)));
    }

    [Fact]
    public async Task What_was_estimated_is_what_happens()
    {
        await GivenAudienceAsync(80);
        var id = await world.GivenDueAsync();
        var campaign = await Get<CampaignStore>().FindAsync(id, CancellationToken.None);

        var answer = await Get<FlightPlans>().OfAsync(campaign!, CancellationToken.None); // it was just made
        await world.DriveAsync();

        var reach = answer.Reach!; // there is a template, and an audience
        var run = Assert.Single(await Reader.OfCampaignAsync(id, 1, CancellationToken.None));
        Assert.True(reach.IsExact);
        Assert.Equal((80, 78, 78), (reach.Audience, reach.Reached, answer.Plan!.Messages));
        Assert.Equal((reach.Reached, reach.Messages), (run.Addressed, run.Of("queued")));
        Assert.Equal(reach.Excluded.ToDictionary(one => one.Reason, one => (int)one.Count), run.Excluded);
        Assert.False(answer.Plan.EndsAfterExpiry);
        Assert.NotNull(answer.Plan.End);
    }

    [Fact]
    public async Task Everybody_is_in_the_list_once_and_those_who_are_still_to_come_too()
    {
        await GivenAudienceAsync(60);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();
        for (var batch = 0; batch < 3; batch++) Assert.True(await world.ExpandOnceAsync());
        await world.SendAllAsync(failEach: 5);
        var run = Assert.Single(await Reader.OfCampaignAsync(campaign, 1, CancellationToken.None));

        var dealt = await AllAsync(run, new RecipientFilter(), size: 7);
        var toCome = await AllAsync(run, new RecipientFilter { Status = "to_come" }, size: 7);
        Assert.Equal((run.Expanded, run.ToCome), (dealt.Count, toCome.Count));
        Assert.Equal(60, dealt.Concat(toCome).Select(row => row.UserId).Distinct().Count());
        Assert.Equal(run.Of("failed"), (await AllAsync(run, new RecipientFilter { Status = "failed" }, size: 3)).Count);
        Assert.Empty((await AllAsync(run, new RecipientFilter { Channels = ["sms"] }, size: 3)));
        Assert.Equal("suppressed", Assert.Single(await AllAsync(run, new RecipientFilter { Person = "u0002" }, size: 3)).Status);
        Assert.Equal("to_come", Assert.Single(await AllAsync(run, new RecipientFilter { Person = toCome[0].UserId }, size: 3)).Status);

        var file = await FileAsync(run);
        Assert.Equal(61, file.Length);
        Assert.StartsWith("\ufeffuser_id,message_id,channel,status", file[0], StringComparison.Ordinal);
        Assert.Equal(run.ToCome, file.Count(line => line.Contains(",to_come,", StringComparison.Ordinal)));

        await Get<CampaignDesk>().CancelAsync(campaign, "enough", "test", CancellationToken.None);
        await world.DriveAsync();
        var ended = Assert.Single(await Reader.OfCampaignAsync(campaign, 1, CancellationToken.None));
        Assert.Equal(("cancelled", toCome.Count), (ended.Outcome, ended.Withdrawn));
        Assert.True(ended is { PeopleAddUp: true, MessagesAddUp: true });
        Assert.Equal(toCome.Select(row => row.UserId).Order(), (await AllAsync(ended, new RecipientFilter { Status = "withdrawn" }, size: 7)).Select(row => row.UserId).Order());
        Assert.Empty(await AllAsync(ended, new RecipientFilter { Status = "to_come" }, size: 7));
    }

    [Fact]
    public async Task A_campaign_that_would_be_too_late_is_said_to_be()
    {
        await world.GivenPeopleAsync(50);
        var now = TimeProvider.System.GetUtcNow();
        var campaign = await Get<CampaignStore>().FindAsync(
            await world.GivenDueAsync(plan => plan with { ThrottlePerMinute = 1, ExpiresAt = now.AddMinutes(20), Schedule = new Schedule { Kind = ScheduleKind.At, At = now.AddMinutes(1) } }, now.AddMinutes(1)), CancellationToken.None);

        var plan = (await Get<FlightPlans>().OfAsync(campaign!, CancellationToken.None)).Plan!; // it was just made, and names a template

        Assert.True(plan.EndsAfterExpiry);
        Assert.InRange(plan.TooLate, 29, 32);
        Assert.Contains("would be too late", plan.Notes[0], StringComparison.Ordinal);
    }

    private T Get<T>() where T : notnull => world.Get<T>();

    /// The second wants no mail, and the third has no address.
    private async Task GivenAudienceAsync(int count)
    {
        await world.GivenPeopleAsync(count);
        await world.DoAsync("""
            insert into preferences (user_id, channel, category, opt_in, source) values ('u0002', 'email', '', false, 'test');
            update users set email = null where id = 'u0003'
            """);
    }

    private async Task<List<RecipientRow>> AllAsync(CampaignFigures run, RecipientFilter filter, int size)
    {
        var (rows, cursor) = (new List<RecipientRow>(), (string?)null);
        do
        {
            var page = await Get<RecipientList>().ReadAsync(run, filter, cursor, size, CancellationToken.None);
            Assert.True(page.Rows.Count <= size);
            rows.AddRange(page.Rows);
            cursor = page.Next;
        }
        while (cursor is not null);
        return rows;
    }

    private async Task<string[]> FileAsync(CampaignFigures run)
    {
        using var file = new MemoryStream();
        await Get<RecipientExport>().WriteAsync(run, new RecipientFilter(), file, CancellationToken.None);
        return Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
