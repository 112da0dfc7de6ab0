using NotificationServer.Admin.Monitor;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Admin.Monitor;

/// What is said first to somebody who was woken up.
public sealed class ConcernsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 2, 30, 0, TimeSpan.Zero);

    private static readonly AccountState Twilio = new("twilio", "twilio", ["sms"]), Second = new("vonage-eu", "vonage", ["sms"]);

    [Fact]
    public void Nothing_wrong_is_said_with_how_long_the_oldest_has_waited()
    {
        Assert.Equal("All is well: nothing waits to be sent.", Answer(Given()));
        Assert.Equal("All queues are moving; the oldest message has waited 0.4 s.", Answer(Given(InLane(Lane.Transactional, ready: 12, oldest: 0.4, rateOut: 3))));
        Assert.Equal("All is well: nothing waits to be sent. 1,204 failed messages wait for a decision.", Answer(Given(InLane(Lane.Bulk, ready: 0, failed: 1204))));
    }

    [Fact]
    public void Refused_credentials_are_said_with_since_when_and_how_many_wait()
    {
        var closed = Twilio with { Gate = Gate("misconfigured: Authenticate", Now.AddMinutes(-16)) };

        Assert.Equal("SMS is stuck: Twilio has refused our credentials since 02:14 UTC (1,204 messages wait).",
            Answer(Given(InLane(Lane.Transactional, ready: 1204, oldest: 900), closed)));
    }

    [Fact]
    public void While_another_account_carries_them_a_closed_one_is_worth_knowing_and_not_more()
    {
        var closed = Twilio with { Gate = Gate("12 of 20 calls failed: 503", Now.AddMinutes(-1)) };

        var concern = Assert.Single(Concerns.Of(Given(InLane(Lane.Transactional, ready: 3, oldest: 1, rateOut: 9), closed, Second)));

        Assert.Equal(("warn", "most calls to Twilio have failed since 02:29 UTC; what it carries goes through others."), (concern.Tone, concern.Sentence));
        Assert.Equal("/admin/providers/twilio", concern.Href);
    }

    [Fact]
    public void Who_paused_a_channel_has_a_reason_that_is_told_and_nothing_else_is_said_of_it()
    {
        var held = new QueueSwitch(SwitchKind.Channel, "sms", SwitchMode.Paused, "the vendor moves house.", null, "staff:ada", Now.AddMinutes(-5));

        var concern = Assert.Single(Concerns.Of(Given(InLane(Lane.Critical, ready: 7, oldest: 300), Twilio) is var all ? all with { Channels = [all.Channels[0] with { Held = held }] } : null!));

        Assert.Equal(("warn", "SMS is paused since 02:25 UTC: the vendor moves house (7 messages wait)."), (concern.Tone, concern.Sentence));
    }

    [Theory]
    [InlineData("Critical", 31, 0, "fail", "SMS is stuck: nothing has left its critical lane for a minute, the oldest critical message has waited 31 s (5 messages wait).")]
    [InlineData("Transactional", 130, 4, "warn", "SMS is slow: the oldest transactional message has waited 2 min (5 messages wait).")]
    public void A_lane_is_late_by_what_it_promises(string lane, double oldest, double rateOut, string tone, string sentence)
    {
        var concern = Assert.Single(Concerns.Of(Given(InLane(Enum.Parse<Lane>(lane), ready: 5, oldest: oldest, rateOut: rateOut), Twilio)));

        Assert.Equal((tone, sentence), (concern.Tone, concern.Sentence));
    }

    [Theory]
    [InlineData("Critical", 29)]
    [InlineData("Transactional", 119)]
    [InlineData("Bulk", 1700)]
    public void A_campaign_may_take_its_time(string lane, double oldest) => Assert.Empty(Concerns.Of(Given(InLane(Enum.Parse<Lane>(lane), ready: 5, oldest: oldest), Twilio)));

    [Fact]
    public void What_nobody_carries_is_stuck()
    {
        var all = Given(InLane(Lane.Bulk, ready: 2, oldest: 1)) with { Carriers = new Dictionary<string, IReadOnlyList<string>> { ["sms"] = [] } };

        Assert.Equal("SMS is stuck: no provider account carries it (2 messages wait).", Answer(all));
    }

    [Fact]
    public void Failures_are_told_by_their_share_with_the_way_to_requeue_them()
    {
        var all = Given(InLane(Lane.Transactional, ready: 0), Twilio);
        FlowPoint[] flow = [new(Now.AddMinutes(-3), "sms", Lane.Transactional, 100, 100, 40), new(Now.AddMinutes(-40), "sms", Lane.Transactional, 100, 100, 100)];

        var concern = Assert.Single(Concerns.Of(all with { Channels = [all.Channels[0] with { Flow = flow }] }));

        Assert.Equal("40% of SMS has failed in the last 15 minutes: 40 messages.", concern.Sentence);
        Assert.Equal(("/admin/failures?channel=sms", "/admin/failures/requeue?channel=sms"), (concern.Href, concern.Requeue));
    }

    [Fact]
    public void The_worst_comes_first_and_the_rest_is_counted()
    {
        var all = Given(InLane(Lane.Critical, ready: 5, oldest: 60), Twilio) with
        {
            Nodes = [],
            Alerts = [new AlertInfo { Id = Guid.CreateVersion7(), Kind = "webhook_disabled", Key = "whe_1", FirstSeen = Now, LastSeen = Now, Detail = """{"reason":"gone","client":"shop","host":"x.example"}""" }],
        };

        Assert.Equal("Nothing is being sent: no node that sends is alive (5 messages wait). 3 more things need a look.", Answer(all));
    }

    private static string Answer(Outlook all) => Concerns.Answer(all, Concerns.Of(all));

    private static GateRow Gate(string reason, DateTimeOffset since) =>
        new() { Account = "twilio", Breaker = GateRow.Open, Reason = reason, OpenedAt = since, OpenUntil = Now.AddMinutes(1), UpdatedAt = since };

    private static LaneFigures InLane(Lane lane, long ready, double? oldest = null, double rateOut = 0, long failed = 0) => new()
    {
        Channel = "sms", Lane = lane, Ready = ready, Scheduled = 0, Leased = 0, Retrying = 0, Failed = failed, OldestReadySeconds = oldest, RateIn = 0, RateOut = rateOut, Estimated = false,
    };

    private static Outlook Given(LaneFigures? lane = null, params AccountState[] accounts) => new()
    {
        Now = Now,
        Channels = [new ChannelState("sms", lane is null ? [] : [lane], [], null, Now)],
        Accounts = accounts,
        Carriers = new Dictionary<string, IReadOnlyList<string>> { ["sms"] = accounts.Length == 0 ? ["inbox"] : [.. accounts.Select(account => account.Key)] },
        Nodes = [new NodeInfo { Name = "n", Roles = "worker,scheduler", Version = "1", Age = 1, Alive = true, Load = "{}", Calls = "{}", Leases = 0, Stuck = 0 }],
        Alerts = [],
        Failing = [],
        Chores = [new ChoreBook.Chore { Name = "Rescuer", Every = TimeSpan.FromSeconds(10), RanAt = Now, TookMs = 1, Node = "n", Runs = 1, Failures = 0 }],
        Volumes = [],
        BooksCheckedAt = Now,
    };
}
