using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Tests.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Recipients;

/// How often somebody is told, whoever asks.
[Bar("S12")]
public sealed class ContactTokensTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    private static int made;

    private readonly ContactTokens tokens = new(queue.Db);

    [Fact]
    public async Task What_is_one_too_many_waits_for_its_turn_each_at_its_own_time()
    {
        var (user, category) = await Given(2, TimeSpan.FromHours(2), "defer");

        var answers = await tokens.TakeAsync([.. Enumerable.Range(0, 4).Select(_ => Wish(user, category))], CancellationToken.None);

        Assert.Equal([TokenVerdict.Go, TokenVerdict.Go, TokenVerdict.Wait, TokenVerdict.Wait], Verdicts(answers));
        Assert.InRange((answers[3].At - answers[2].At)!.Value.TotalMinutes, 59, 61); // both wait
    }

    [Fact]
    public async Task Whoever_waited_its_time_goes_though_others_asked_meanwhile()
    {
        var (user, category) = await Given(1, TimeSpan.FromHours(1), "defer");
        var (first, second, third) = (Wish(user, category), Wish(user, category), Wish(user, category));
        await tokens.TakeAsync([first, second], CancellationToken.None);

        await HoursPass(user, 1);
        var answers = await tokens.TakeAsync([third, second], CancellationToken.None);

        Assert.Equal([TokenVerdict.Wait, TokenVerdict.Go], Verdicts(answers));
    }

    [Fact]
    public async Task A_retry_and_a_second_device_ask_for_nothing_more()
    {
        var (user, category) = await Given(2, TimeSpan.FromDays(1), "drop");
        var (first, second) = (Wish(user, category), Wish(user, category));

        await tokens.TakeAsync([first, first, first], CancellationToken.None);
        await tokens.TakeAsync([first], CancellationToken.None);
        var answers = await tokens.TakeAsync([second, first, Wish(user, category)], CancellationToken.None);

        Assert.Equal([TokenVerdict.Go, TokenVerdict.Go, TokenVerdict.Drop], Verdicts(answers));
    }

    [Fact]
    public async Task A_person_a_channel_and_a_category_have_a_bucket_each()
    {
        var (user, category) = await Given(1, TimeSpan.FromDays(1), "drop");
        var (other, otherCategory) = await Given(1, TimeSpan.FromDays(1), "drop");

        var answers = await tokens.TakeAsync(
            [Wish(user, category), Wish(user, category) with { Family = "sms" }, Wish(user, otherCategory), Wish(other, category), Wish(user, "orders"), Wish(user, category)],
            CancellationToken.None);

        Assert.Equal([TokenVerdict.Go, TokenVerdict.Go, TokenVerdict.Go, TokenVerdict.Go, TokenVerdict.Go, TokenVerdict.Drop], Verdicts(answers));
    }

    [Fact]
    public async Task A_bucket_fills_evenly_and_never_beyond_its_rim()
    {
        var (user, category) = await Given(2, TimeSpan.FromHours(2), "drop");
        await tokens.TakeAsync([Wish(user, category), Wish(user, category)], CancellationToken.None);

        await HoursPass(user, 1);
        Assert.Equal([TokenVerdict.Go, TokenVerdict.Drop], Verdicts(await tokens.TakeAsync([Wish(user, category), Wish(user, category)], CancellationToken.None)));
        await HoursPass(user, 100);
        Assert.Equal([TokenVerdict.Go, TokenVerdict.Go, TokenVerdict.Drop],
            Verdicts(await tokens.TakeAsync([Wish(user, category), Wish(user, category), Wish(user, category)], CancellationToken.None)));
    }

    [Fact]
    public async Task What_would_be_too_old_when_its_turn_comes_is_dropped_at_once_and_takes_nobodys_turn()
    {
        var (user, category) = await Given(1, TimeSpan.FromHours(1), "defer");
        await tokens.TakeAsync([Wish(user, category)], CancellationToken.None);

        var answers = await tokens.TakeAsync(
            [Wish(user, category) with { ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(10) }, Wish(user, category)], CancellationToken.None);

        Assert.Equal([TokenVerdict.Drop, TokenVerdict.Wait], Verdicts(answers));
        Assert.InRange((answers[1].At!.Value - TimeProvider.System.GetUtcNow()).TotalMinutes, 55, 65); // it waits
    }

    [Fact]
    public async Task Of_those_that_are_merged_the_newest_is_sent()
    {
        var (user, category) = await Given(1, TimeSpan.FromHours(1), "merge");
        var wishes = new List<TokenWish>();
        for (var i = 0; i < 4; i++) wishes.Add(Wish(user, category, await GivenWaiting(user)));

        Assert.Equal([TokenVerdict.Go], Verdicts(await tokens.TakeAsync([wishes[0]], CancellationToken.None)));
        Assert.Equal([TokenVerdict.Wait], Verdicts(await tokens.TakeAsync([wishes[1]], CancellationToken.None)));
        Assert.Equal([TokenVerdict.Merged, TokenVerdict.Wait], Verdicts(await tokens.TakeAsync([wishes[2], wishes[3]], CancellationToken.None)));
        await HoursPass(user, 1);
        Assert.Equal([TokenVerdict.Merged, TokenVerdict.Go], Verdicts(await tokens.TakeAsync([wishes[1], wishes[3]], CancellationToken.None)));
    }

    [Fact]
    public async Task Nobody_is_merged_into_what_was_cancelled()
    {
        var (user, category) = await Given(1, TimeSpan.FromHours(1), "merge");
        var (older, newer) = (Wish(user, category, await GivenWaiting(user)), Wish(user, category, await GivenWaiting(user)));
        await tokens.TakeAsync([Wish(user, category)], CancellationToken.None);
        await tokens.TakeAsync([newer], CancellationToken.None);
        await queue.Execute("delete from jobs where id in (select id from messages where notification_id = @Notification)", newer);

        await HoursPass(user, 1);

        Assert.Equal([TokenVerdict.Go], Verdicts(await tokens.TakeAsync([older], CancellationToken.None)));
    }

    [Fact]
    public async Task Any_number_of_nodes_at_once_give_out_what_there_is_and_no_more()
    {
        var (user, category) = await Given(10, TimeSpan.FromDays(30), "drop");
        var (second, _) = await Given(1, TimeSpan.FromDays(30), "drop");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => new ContactTokens(queue.Db).TakeAsync(
            [.. Enumerable.Range(0, 25).Select(i => Wish((n + i) % 2 == 0 ? user : second, category))], CancellationToken.None))));

        Assert.Equal(20, answers.SelectMany(Verdicts).Count(verdict => verdict == TokenVerdict.Go));
    }

    [Fact]
    public async Task More_than_can_be_promised_a_turn_still_come_through_one_by_one()
    {
        var (user, category) = await Given(1, TimeSpan.FromMinutes(1), "defer");
        var wishes = Enumerable.Range(0, 80).Select(_ => Wish(user, category)).ToList();
        var gone = 0;

        for (var minute = 0; minute < 400 && wishes.Count > 0; minute++)
        {
            var answers = await tokens.TakeAsync(wishes, CancellationToken.None);
            gone += answers.Count(answer => answer.Verdict == TokenVerdict.Go);
            wishes = [.. wishes.Where((_, i) => answers[i].Verdict != TokenVerdict.Go)];
            await HoursPass(user, 1 / 60.0);
        }

        Assert.Equal((80, 0), (gone, wishes.Count));
    }

    private async Task<(string User, string Category)> Given(int count, TimeSpan per, string policy)
    {
        var name = Guid.CreateVersion7().ToString("N");
        await queue.Execute("insert into users (id) values (@name)", new { name });
        await queue.Execute("""
            insert into categories (key, name, class, limit_count, limit_per, limit_policy) values (@name, @name, 'marketing', @count, @per, @policy)
            """, new { name, count, per, policy });
        return (name, name);
    }

    private async Task<Guid> GivenWaiting(string user)
    {
        var id = NextId();
        await queue.GivenMessages([QueueFixture.New(id, Channel.Email, Lane.Bulk) with { NotificationId = id, UserId = user }]);
        return id;
    }

    private static TokenWish Wish(string user, string category, Guid? notification = null) =>
        new(user, "email", category, notification ?? NextId(), null);

    /// In the order in which they are asked for, as the intake makes them.
    private static Guid NextId() => PrefixedId.Create(TimeProvider.System.GetUtcNow(), Interlocked.Increment(ref made));

    private Task HoursPass(string user, double hours) => queue.Execute("""
        update contact_buckets
        set filled_at = filled_at - make_interval(secs => @hours * 3600), due = array(select d - make_interval(secs => @hours * 3600) from unnest(due) with ordinality u(d, n) order by n)
        where user_id = @user
        """, new { user, hours });

    private static IEnumerable<TokenVerdict> Verdicts(IReadOnlyList<TokenAnswer> answers) => answers.Select(answer => answer.Verdict);
}
