using NotificationServer.Delivery.Gates;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;
using NotificationServer.Watch;

namespace NotificationServer.Tests.Watch;

/// From when on something is an alert.
public sealed class FindingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 2, 30, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, AlertRule> Rules = AlertRule.All.ToDictionary(rule => rule.Kind);

    private static readonly Fleet Quiet = new()
    {
        Now = Now, Lanes = [], Lately = [], Gates = [], Nodes = [Node("n1", 2, "api,worker,admin,scheduler")], Alerts = [], Missing = [], Held = [],
        BooksAge = 50, OldestTransaction = 1, Quarantined = 0, WebhooksWaiting = 0,
    };

    [Fact]
    public void When_all_is_well_there_is_nothing() => Assert.Empty(Findings.Of(Quiet with { Lanes = [Lane("sms", NotificationServer.Queue.Lane.Critical, 29)] }, Rules));

    [Theory]
    [InlineData(0, 31, "oldest_waiting_critical", "sms/critical")]
    [InlineData(1, 121, "oldest_waiting_transactional", "sms/transactional")]
    [InlineData(2, 1801, "oldest_waiting_bulk", "sms/bulk")]
    public void A_lane_has_its_own_patience_and_a_held_one_any(short lane, double oldest, string kind, string key)
    {
        var late = Quiet with { Lanes = [Lane("sms", (Lane)lane, oldest)] };

        var found = Assert.Single(Findings.Of(late, Rules));

        Assert.Equal((kind, key), (found.Kind, found.Key));
        Assert.Empty(Findings.Of(late with { Held = ["sms"] }, Rules));
        Assert.Empty(Findings.Of(late, Changed(kind, rule => rule with { Enabled = false })));
        Assert.Empty(Findings.Of(late, Changed(kind, rule => rule with { Threshold = 7200 })));
    }

    [Fact]
    public void A_share_of_failures_counts_only_where_there_are_some()
    {
        Assert.Empty(Findings.Of(Quiet with { Lately = [new Lately("email", 30, 19, 0)] }, Rules));
        Assert.Empty(Findings.Of(Quiet with { Lately = [new Lately("email", 1000, 49, 0)] }, Rules));
        var found = Assert.Single(Findings.Of(Quiet with { Lately = [new Lately("email", 1000, 62, 0)] }, Rules));
        Assert.Equal("6.2% of E-mail failed in 15 minutes: 62 of 1,000 messages.", Words(found).Title);
    }

    [Fact]
    public void A_breaker_a_gate_a_silent_node_and_a_role_that_nobody_plays()
    {
        var found = Findings.Of(Quiet with
        {
            Gates = [Gate("twilio", GateRow.Open, null), Gate("apns", GateRow.Closed, Now.AddMinutes(5)), Gate("fcm", GateRow.Closed, Now.AddMinutes(-5))],
            Nodes = [Node("n1", 2, "api"), Node("n2", 40, "worker,scheduler")],
        }, Rules);

        Assert.Equal(["breaker_open twilio", "gate_closed apns", "node_lost n2", "role_missing worker"], found.Select(one => $"{one.Kind} {one.Key}"));
        Assert.Equal("Nothing is being sent: no node with the role worker is alive.", Words(found[3]).Title);
        Assert.All(found, one => Assert.NotEqual("", Words(one).Do));
    }

    [Fact]
    public void A_restored_database_is_an_alert_as_long_as_nobody_has_decided()
    {
        var held = new HeldSending { HeldAt = Now, HeldBy = "n1", Doubt = "older", Evidence = "{}" };

        var found = Assert.Single(Findings.Of(Quiet with { Sending = held }, Rules));

        Assert.Equal("Nothing is being sent. The database is an older copy: it does not know what was sent since it was made.", Words(found).Title);
        Assert.Equal("/admin/maintenance", Words(found).Href);
    }

    [Fact]
    public void A_day_that_is_missing_soon_is_told_once_a_log_and_one_far_off_is_not()
    {
        var found = Findings.Of(Quiet with
        {
            Missing = [new MissingDay("messages", Now.UtcDateTime.Date.AddDays(1), 1), new MissingDay("messages", Now.UtcDateTime.Date.AddDays(2), 2), new MissingDay("attempts", Now.UtcDateTime.Date.AddDays(4), 4)],
        }, Rules);

        Assert.Equal("The log has no table for 2026-11-24 (messages).", Words(Assert.Single(found)).Title);
    }

    [Fact]
    public void Every_kind_has_a_chapter_in_the_handbook_that_says_what_it_means_where_to_look_and_what_to_do()
    {
        var chapters = NotificationServer.Tests.Architecture.Source.Read("docs/operations.md").Split("\n### ").Skip(1).ToDictionary(chapter => chapter.Split('\n')[0], StringComparer.Ordinal);

        Assert.All(AlertRule.All.Select(rule => rule.Kind).Append("database_unreachable"), kind =>
            Assert.Matches(@"^\w+\n\n\*Meaning\.\* [\s\S]+\n\*First look\.\* [\s\S]+\n\*Fix\.\* ", chapters[kind]));
    }

    private static AlertWords Words(Sighting found) => AlertWords.Of(found.Kind, found.Key, System.Text.Json.JsonSerializer.Serialize(found.Detail));

    private static Dictionary<string, AlertRule> Changed(string kind, Func<AlertRule, AlertRule> change) => new(Rules) { [kind] = change(Rules[kind]) };

    private static LaneFigures Lane(string channel, Lane lane, double oldest) => new()
    {
        Channel = channel, Lane = lane, Ready = 5, Scheduled = 0, Leased = 0, Retrying = 0, Failed = 0, OldestReadySeconds = oldest, RateIn = 0, RateOut = 0, Estimated = false,
    };

    private static GateRow Gate(string account, string breaker, DateTimeOffset? notBefore) => new() { Account = account, Breaker = breaker, NotBefore = notBefore, Reason = "12 of 20 calls failed: 503" };

    private static NodeInfo Node(string name, double age, string roles) => new()
    {
        Name = name, Roles = roles, Version = "1", StartedAt = Now, SeenAt = Now.AddSeconds(-age), Age = age, Alive = age < 15, Load = "{}", Calls = "{}", Leases = 0, Stuck = 0,
    };
}
