using NotificationServer.Channels;
using NotificationServer.Channels.Receipts;
using NotificationServer.Tests.Queue;
using NotificationServer.Tracking.Engagement;

namespace NotificationServer.Tests.Tracking.Engagement;

/// Who it was is judged by when and how much they do, and a message counts once whatever is told of it.
public sealed class EngagementWriterTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    private static readonly DateTimeOffset Noon = TimeProvider.System.GetUtcNow().AddHours(-1);

    [Theory]
    [InlineData(1, false, "machine")] // a second after it was sent, and nobody has opened it
    [InlineData(1, true, "human")]
    [InlineData(60, false, "human")]
    public async Task A_click_right_after_sending_is_a_person_s_only_if_they_opened_it_first(int seconds, bool opened, string expected)
    {
        var message = await GivenSentAtNoonAsync();
        if (opened) await WriteAsync(Did(message, EngagementKind.Opened, 0.5));

        await WriteAsync(Did(message, EngagementKind.Clicked, seconds) with { Url = "https://shop.example/a" });

        Assert.Equal(expected, await ByAsync(message, "clicked"));
    }

    [Fact]
    public async Task What_follows_a_burst_that_another_node_has_written_is_part_of_it()
    {
        var message = await GivenSentAtNoonAsync();
        await WriteAsync(Did(message, EngagementKind.Clicked, 60) with { Url = "https://shop.example/a", By = Engager.Machine });

        await WriteAsync(Did(message, EngagementKind.Clicked, 61) with { Url = "https://shop.example/b" });
        Assert.Equal("machine", await ByAsync(message, "clicked"));

        await WriteAsync(Did(message, EngagementKind.Clicked, 90) with { Url = "https://shop.example/b" });
        Assert.Equal("human", await ByAsync(message, "clicked"));
    }

    [Fact]
    public async Task Whoever_is_surer_wins_whichever_came_first_and_the_figures_move_with_it()
    {
        var message = await GivenSentAtNoonAsync();
        var before = await FiguresAsync();

        await WriteAsync(Did(message, EngagementKind.Opened, 60) with { By = Engager.Machine });
        Assert.Equal(before.GetValueOrDefault("opened_machine") + 1, (await FiguresAsync())["opened_machine"]);
        await WriteAsync(Did(message, EngagementKind.Opened, 70) with { By = Engager.Human, Source = "sendgrid" });
        await WriteAsync(Did(message, EngagementKind.Opened, 80) with { By = Engager.Unknown, Source = "mailchimp" }, Did(message, EngagementKind.Opened, 90) with { By = Engager.Machine });

        Assert.Equal("human", await ByAsync(message, "opened"));
        var after = await FiguresAsync();
        Assert.Equal((before.GetValueOrDefault("opened_machine"), before.GetValueOrDefault("opened_human") + 1), (after.GetValueOrDefault("opened_machine"), after["opened_human"]));
        await FiguresAreRowsAsync();
    }

    [Fact]
    public async Task A_person_s_click_proves_that_the_mail_was_opened_although_only_a_machine_was_seen_to_do_it()
    {
        var (mail, text) = (await GivenSentAtNoonAsync(), await GivenSentAtNoonAsync());
        await WriteAsync(Did(mail, EngagementKind.Opened, 2) with { By = Engager.Machine });

        foreach (var by in new[] { Engager.Machine, Engager.Human, Engager.Human })
        {
            await WriteAsync(Did(mail, EngagementKind.Clicked, 60) with { By = by, Url = "https://shop.example/a", ProvesOpen = true },
                Did(text, EngagementKind.Clicked, 60) with { By = by, Url = "https://shop.example/a" });
        }

        Assert.Equal(("human", "human"), (await ByAsync(mail, "opened"), await ByAsync(mail, "clicked")));
        Assert.Null(await ByAsync(text, "opened"));
        Assert.Equal(1, await queue.Query<int>("select count from engagements where message_id = @mail and source = 'click'", new { mail }));
        Assert.Equal(2, await queue.Query<int>("select count from engagements where message_id = @mail and kind = 'clicked' and by_whom = 'human'", new { mail }));
    }

    [Fact]
    public async Task Of_what_is_not_kept_any_more_and_of_another_channel_nothing_is_written()
    {
        var (mail, erased) = (await GivenSentAtNoonAsync(), await GivenSentAtNoonAsync());
        await queue.Execute("update messages set address = 'erased' where id = @erased", new { erased });
        var old = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddDays(-400));

        await WriteAsync(Did(old, EngagementKind.Opened, 60), Did(erased, EngagementKind.Opened, 60), Did(Guid.Empty, EngagementKind.Opened, 60));
        await using (var connection = await queue.Db.OpenConnectionAsync())
            await queue.Engagement.WriteAsync(connection, [Did(mail, EngagementKind.Opened, 60)], "sms", CancellationToken.None);

        Assert.Equal(0, await queue.Query<int>("select count(*) from engagements where message_id = any(@all)", new { all = new[] { mail, erased, old, Guid.Empty } }));
    }

    [Fact]
    public async Task Writers_that_tell_the_same_at_once_count_it_once()
    {
        var messages = new List<Guid>();
        for (var i = 0; i < 20; i++) messages.Add(await GivenSentAtNoonAsync());
        var before = (await FiguresAsync()).GetValueOrDefault("opened_human");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => WriteAsync(
            [.. messages.OrderBy(_ => Random.Shared.Next()).Select(message => Did(message, EngagementKind.Opened, 60 + n) with { By = n % 2 == 0 ? Engager.Human : Engager.Machine })]))));

        Assert.Equal(before + 20, (await FiguresAsync())["opened_human"]);
        await FiguresAreRowsAsync();
        await queue.Rollup.RunOnceAsync(CancellationToken.None);
        Assert.Equal(before + 20, (await FiguresAsync())["opened_human"]);
    }

    private static Sign Did(Guid message, EngagementKind kind, double secondsAfterNoon) => new(message, kind, Engager.Human, Noon.AddSeconds(secondsAfterNoon));

    private async Task WriteAsync(params Sign[] signs)
    {
        await using var connection = await queue.Db.OpenConnectionAsync();
        await queue.Engagement.WriteAsync(connection, signs, null, CancellationToken.None);
    }

    private async Task<Guid> GivenSentAtNoonAsync()
    {
        var job = await queue.GivenRunning(Channel.Email);
        await queue.Write(QueueFixture.Sent(job));
        await queue.Execute("update messages set sent_at = @Noon where id = @Id", new { job.Id, Noon });
        return job.Id;
    }

    private async Task<string?> ByAsync(Guid message, string kind) =>
        (await queue.QueryAll<string>("select by_whom from engaged where message_id = @message and kind = @kind", new { message, kind })).SingleOrDefault();

    private async Task<Dictionary<string, long>> FiguresAsync() => (await queue.QueryAll<(string Metric, long Count)>("""
        select metric, sum(count)::bigint from (select metric, count from message_stats union all select metric, count from message_stat_deltas) s
        where metric like 'opened%' or metric like 'clicked%' group by metric
        """)).ToDictionary(row => row.Metric, row => row.Count);

    private async Task FiguresAreRowsAsync()
    {
        var rows = (await queue.QueryAll<(string Metric, long Count)>("select engagement_metric(kind, by_whom), count(*) from engaged group by 1")).ToDictionary(row => row.Metric, row => row.Count);
        Assert.Equal(rows.OrderBy(row => row.Key), (await FiguresAsync()).Where(row => row.Value != 0).OrderBy(row => row.Key));
    }
}
