using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.Apns;

public sealed class ApnsErrorTests
{
    public static TheoryData<int, string, string> Rows => Outcomes.Rows("apns", row =>
        // Answered the same way every time, so the one new token was "expired" too.
        row.Code.ToString() == "ExpiredProviderToken" ? SendStatus.Misconfigured : Outcomes.Of(row));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_documented_answer_has_its_documented_meaning(int http, string reason, string status)
    {
        await using var host = await ApnsHost.StartAsync();
        var id = new Dictionary<string, string> { ["apns-id"] = "EEC1A2B3-0000-4000-8000-000000000001" };
        host.Server.Answer = _ => new VendorAnswer(http, reason.Length == 0 ? "" : $$"""{"reason":"{{reason}}"}""", id);

        var outcome = await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None);

        Assert.Equal(status, outcome.Status.ToString());
        if (http != 200) Assert.Equal(reason, outcome.Code);
    }

    [Fact]
    public async Task A_token_that_expired_is_replaced_once_and_the_message_resent()
    {
        var clock = new SteppedClock(DateTimeOffset.FromUnixTimeSeconds(1700000000));
        await using var host = await ApnsHost.StartAsync(clock);
        await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None);
        var first = host.Server.Requests[0].Headers["authorization"];
        var accepting = host.Server.Answer;
        host.Server.Answer = request => request.Headers["authorization"] == first
            ? new VendorAnswer(403, """{"reason":"ExpiredProviderToken"}""")
            : accepting(request);

        clock.Advance(TimeSpan.FromMinutes(30));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None)));

        Assert.All(outcomes, outcome => Assert.Equal(SendStatus.Accepted, outcome.Status));
        Assert.Equal(2, host.Server.Requests.Select(request => request.Headers["authorization"]).Distinct().Count());
    }

    [Fact]
    public async Task When_every_token_is_called_expired_we_stop_signing_and_blame_the_clock()
    {
        await using var host = await ApnsHost.StartAsync();
        host.Server.Answer = _ => new VendorAnswer(403, """{"reason":"ExpiredProviderToken"}""");

        for (var i = 0; i < 5; i++)
            Assert.Equal(SendStatus.Misconfigured, (await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None)).Status);

        Assert.Equal(2, host.Server.Requests.Select(request => request.Headers["authorization"]).Distinct().Count());
        Assert.Equal(6, host.Server.Requests.Count);
    }

    [Fact]
    public async Task One_token_serves_all_sends_until_it_is_47_minutes_old()
    {
        var clock = new SteppedClock(DateTimeOffset.FromUnixTimeSeconds(1700000000));
        await using var host = await ApnsHost.StartAsync(clock);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None)));
        clock.Advance(TimeSpan.FromMinutes(46));
        await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None);
        Assert.Single(host.Server.Requests.Select(request => request.Headers["authorization"]).Distinct());

        clock.Advance(TimeSpan.FromMinutes(2));
        await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None);
        var renewed = ApnsHost.VerifiedClaims(host.Server.Requests[^1].Headers["authorization"]);
        Assert.Equal(1700000000 + 48 * 60, renewed["iat"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_200_that_is_not_from_APNs_is_not_taken_for_success()
    {
        await using var host = await ApnsHost.StartAsync();
        host.Server.Answer = _ => new VendorAnswer(200, "<html>Welcome to the hotel</html>");

        Assert.Equal(SendStatus.Unknown, (await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None)).Status);
    }
}
