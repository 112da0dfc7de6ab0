using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Faults;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// What happens to messages when one of two accounts is not to be had.
public sealed class FailoverJourneys(TwoRegions regions) : IClassFixture<TwoRegions>, IAsyncLifetime
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    public Task InitializeAsync() => regions.BeginAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_outage_of_one_account_moves_its_traffic_and_nobody_is_told_twice_and_it_comes_back_by_itself()
    {
        var phones = Enumerable.Range(0, 80).Select(_ => Walk.SomePhone()).Distinct().ToList();
        regions.North.Faults.Set("twilio", new Fault { Status = 503 });
        for (var i = 0; i < phones.Count; i++) await regions.SendAsync(i % 2, phones[i]);
        // All of them while the outage lasts.
        await Eventually.IsTrueAsync(() => Arrived(regions.South, phones).Count == phones.Count, TimeSpan.FromSeconds(30));

        Assert.Empty(Arrived(regions.North, phones));
        Assert.Equal(phones.Count, Arrived(regions.South, phones).Distinct().Count());

        regions.North.Faults.ClearAll();
        await Eventually.IsTrueAsync(async () =>
        {
            var phone = Walk.SomePhone();
            await regions.UntilAsync(await regions.SendAsync(1, phone), "sent");
            return Arrived(regions.North, [phone]).Count == 1;
        });
    }

    [Fact]
    public async Task What_may_have_been_accepted_is_never_sent_by_another_account()
    {
        var (phones, messages) = (new List<string>(), new List<string>());
        // Taken, and the answer is lost.
        regions.North.Faults.Set("twilio", new Fault { Reset = ResetKind.Connection, Accept = true });
        // Which account a message goes to is chance: until there were enough in a row.
        await Eventually.IsTrueAsync(async () =>
        {
            phones.Add(Walk.SomePhone());
            messages.Add(await regions.SendAsync(messages.Count % 2, phones[^1]));
            return messages.Count >= 12 && await regions.QueryAsync<bool>("select exists (select from provider_gates where account = 'north' and breaker <> 'closed')");
        });
        // For longer than a second, so that what comes now is not the call that tries whether north works again.
        await regions.CallAsync(HttpMethod.Post, "/v1/providers/north:trip", new { reason = "it swallows answers", for_seconds = 600 });
        await Eventually.IsTrueAsync(() => regions.Nodes.TrueForAll(node => !IsOpen(node)));
        // It goes the other way at once ...
        var later = Walk.SomePhone();
        await regions.UntilAsync(await regions.SendAsync(0, later), "sent");
        regions.North.Faults.ClearAll();
        await regions.CallAsync(HttpMethod.Post, "/v1/providers/north:reset", new { reason = "seen" });
        foreach (var message in messages)
            await Eventually.IsTrueAsync(async () => (await regions.MessageAsync(message)).GetProperty("delivery_status").GetString() is "sent" or "failed");

        // ... but of those nobody got a second one from the other account.
        var (north, south) = (Arrived(regions.North, phones), Arrived(regions.South, phones));
        Assert.Empty(north.Intersect(south));
        Assert.Equal(phones.Count, north.Concat(south).Distinct().Count());
    }

    [Fact]
    public async Task What_an_account_may_have_accepted_that_was_removed_since_is_left_to_a_person()
    {
        await regions.CallAsync(HttpMethod.Post, "/v1/ops/queues/sms:pause", new { reason = "so that it stays put" });
        await Eventually.IsTrueAsync(() => regions.Nodes.TrueForAll(node => !node.Services.GetRequiredService<NotificationServer.Queue.Switches>().MayClaim("sms")));
        var phone = Walk.SomePhone();
        var message = await regions.SendAsync(0, phone);
        await regions.QueryAsync<object>("update jobs set unknowns = 1; update messages set provider = 'west' where status = 'queued'; select 1");
        await regions.CallAsync(HttpMethod.Post, "/v1/ops/queues/sms:resume", new { });

        var failed = await regions.UntilAsync(message, "failed");

        Assert.Equal("account_removed", failed.GetProperty("error").GetProperty("provider_code").GetString());
        Assert.Empty(Arrived(regions.North, [phone]).Concat(Arrived(regions.South, [phone])));
        await regions.CallAsync(HttpMethod.Post, $"/v1/messages/{message}:requeue", new { reason = "it never came" });
        Assert.Equal("north", (await regions.UntilAsync(message, "sent")).GetProperty("provider").GetString());
    }

    [Fact]
    public async Task A_change_on_one_node_holds_on_the_other_within_two_seconds()
    {
        await regions.PutAsync("north", order: 1, enabled: false);
        var since = Stopwatch.GetTimestamp();
        var other = regions.Nodes[1].Services.GetRequiredService<ProviderAccounts>();
        await Eventually.IsTrueAsync(() => other.Find("north") is { Enabled: false });
        Assert.True(Stopwatch.GetElapsedTime(since) < Promise, "the other node heard of it too late");

        var message = await regions.UntilAsync(await regions.SendAsync(1), "sent");

        Assert.Equal("south", message.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task A_drill_moves_the_traffic_and_a_reset_brings_it_back()
    {
        var drill = await regions.CallAsync(HttpMethod.Post, "/v1/providers/north:trip", new { reason = "the yearly drill", for_seconds = 600 });
        Assert.Equal(("open", "drill: the yearly drill"), (drill.GetProperty("health").GetProperty("state").GetString(), drill.GetProperty("health").GetProperty("reason").GetString()));
        await Eventually.IsTrueAsync(() => regions.Nodes.TrueForAll(node => !IsOpen(node)));
        var during = await regions.UntilAsync(await regions.SendAsync(0), "sent");

        await regions.CallAsync(HttpMethod.Post, "/v1/providers/north:reset", new { reason = "seen" });
        await Eventually.IsTrueAsync(() => regions.Nodes.TrueForAll(IsOpen));
        var after = await regions.UntilAsync(await regions.SendAsync(1), "sent");

        Assert.Equal(("south", "north"), (during.GetProperty("provider").GetString(), after.GetProperty("provider").GetString()));
    }

    [Fact]
    public async Task A_paused_account_is_passed_over_while_the_other_works()
    {
        await regions.CallAsync(HttpMethod.Post, "/v1/providers/north:pause", new { reason = "the vendor asked" });
        await Eventually.IsTrueAsync(() => regions.Nodes.TrueForAll(node => !node.Services.GetRequiredService<NotificationServer.Queue.Switches>().MayUse("north")));

        var during = await regions.UntilAsync(await regions.SendAsync(1), "sent");
        await regions.CallAsync(HttpMethod.Post, "/v1/providers/north:resume", new { });

        Assert.Equal("south", during.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task A_rule_sends_a_country_its_own_way_and_the_message_remembers_it()
    {
        await regions.CallAsync(HttpMethod.Put, "/v1/routing-rules", new { rules = new[] { new { key = "swiss", channels = new[] { "sms" }, countries = new[] { "CH" }, accounts = new[] { "south" } } } });
        await Eventually.IsTrueAsync(() => regions.Nodes[1].Services.GetRequiredService<ProviderAccounts>().Current.Rules.Count == 1);

        var swiss = await regions.UntilAsync(await regions.SendAsync(1, "+41791234567"), "sent");
        var french = await regions.UntilAsync(await regions.SendAsync(1, "+33612345678"), "sent");

        Assert.Equal(("south", "swiss"), (swiss.GetProperty("provider").GetString(), swiss.GetProperty("route_rule").GetString()));
        Assert.Equal(("north", null), (french.GetProperty("provider").GetString(), french.GetProperty("route_rule").GetString()));
    }

    [Fact]
    public async Task A_failed_message_is_sent_again_through_another_account_when_an_operator_says_so()
    {
        regions.North.Faults.Set("twilio", new Fault { Status = 400, Code = "21617" });
        var message = await regions.SendAsync(0);
        await regions.UntilAsync(message, "failed");

        await regions.CallAsync(HttpMethod.Post, $"/v1/messages/{message}:requeue", new { reason = "the other one takes it", provider = "south" });
        var sent = await regions.UntilAsync(message, "sent");

        Assert.Equal(("south", "pinned"), (sent.GetProperty("provider").GetString(), sent.GetProperty("route_rule").GetString()));
    }

    [Fact]
    public async Task A_test_tells_whether_the_credentials_are_good_and_whether_a_message_goes_out()
    {
        var phone = Walk.SomePhone();
        var good = await regions.CallAsync(HttpMethod.Post, "/v1/providers/south:test", new { to = phone, text = "Is it you?" });
        Assert.Equal(("accepted", "accepted"), (Outcome(good, "check"), Outcome(good, "send")));
        Assert.Single(Arrived(regions.South, [phone]));

        await regions.CallAsync(HttpMethod.Put, "/v1/providers/wrong", new
        {
            kind = "twilio", enabled = false, secrets = new { auth_token = "not it" },
            settings = new { account_sid = regions.North.Credentials.TwilioAccountSid, from = regions.North.Credentials.TwilioFrom, base_address = regions.North.Urls.Twilio },
        });
        var bad = await regions.CallAsync(HttpMethod.Post, "/v1/providers/wrong:test", new { });
        Assert.Equal("misconfigured", Outcome(bad, "check"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, bad.GetProperty("send").ValueKind);
    }

    private static string? Outcome(System.Text.Json.JsonElement answer, string step) => answer.GetProperty(step).GetProperty("outcome").GetString();

    private static bool IsOpen(ServerHost node) =>
        node.Services.GetRequiredService<NotificationServer.Delivery.Gates.ProviderGates>().Ask("north").Kind == NotificationServer.Delivery.Gates.AdmissionKind.Open;

    private static List<string> Arrived(SimulatorHost region, IReadOnlyCollection<string> phones) =>
        [.. region.Ledger.Select(entry => entry.To).Where(phones.Contains)];
}
