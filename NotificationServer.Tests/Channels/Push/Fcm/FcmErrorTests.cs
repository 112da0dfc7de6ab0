using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.Fcm;

public sealed class FcmErrorTests
{
    public static TheoryData<int, string, string> Rows => Outcomes.Rows("fcm", row =>
        // Answered the same way every time, so the one new token was refused too.
        row.Code.ToString() == "UNAUTHENTICATED" ? SendStatus.Misconfigured : Outcomes.Of(row));

    public static TheoryData<int, string, string> TokenRows => Outcomes.Rows("fcm-oauth");

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_documented_answer_has_its_documented_meaning(int http, string code, string status)
    {
        await using var host = await FcmHost.StartAsync();
        if (http != 200) host.Server.Answer = _ => new VendorAnswer(http, BodyOf(http, code));

        var outcome = await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None);

        Assert.Equal(status, outcome.Status.ToString());
    }

    [Theory]
    [MemberData(nameof(TokenRows))]
    public async Task Every_documented_answer_of_the_token_endpoint_has_its_documented_meaning(int http, string code, string status)
    {
        await using var host = await FcmHost.StartAsync();
        if (http != 200) host.Google.Answer = _ => new VendorAnswer(http, code.Length == 0 ? "" : $$"""{"error":"{{code}}","error_description":"x"}""");

        var outcome = await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None);

        Assert.Equal(status, outcome.Status.ToString());
        Assert.Equal(http == 200 ? 1 : 0, host.Server.Requests.Count);
    }

    [Theory]
    [InlineData("""[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"message.token"}]}]""", "x", "AddressDead")]
    [InlineData("[]", "The registration token is not a valid FCM registration token", "AddressDead")]
    [InlineData("""[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"message.android.ttl"}]}]""", "x", "Permanent")]
    public async Task A_bad_argument_kills_the_address_only_if_the_token_is_what_is_bad(string details, string text, string status)
    {
        await using var host = await FcmHost.StartAsync();
        host.Server.Answer = _ => new VendorAnswer(400, $$$"""{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"{{{text}}}","details":{{{details}}}}}""");

        Assert.Equal(status, (await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None)).Status.ToString());
    }

    [Fact]
    public async Task A_refusal_without_a_reason_is_tried_again()
    {
        var row = Assert.Single(Vector.Read("error-tables")["tables"]!["fcm"]!["rows"]!.AsArray(), one => one!["status"]!.ToString() == "-")!;
        await using var host = await FcmHost.StartAsync();
        host.Server.Answer = _ => new VendorAnswer(400, BodyOf(400, row["code"]!.GetValue<string>()));

        Assert.Equal("retry", row["class"]!.GetValue<string>());
        Assert.Equal((SendStatus.Transient, "UNSPECIFIED_ERROR"), await OutcomeAsync(host));
    }

    private static async Task<(SendStatus, string?)> OutcomeAsync(FcmHost host)
    {
        var outcome = await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None);
        return (outcome.Status, outcome.Code);
    }

    [Fact]
    public async Task A_token_that_was_refused_is_fetched_anew_and_the_message_resent()
    {
        await using var host = await FcmHost.StartAsync();
        var fetched = 0;
        host.Google.Answer = _ => new VendorAnswer(200, $$"""{"access_token":"token-{{Interlocked.Increment(ref fetched)}}","expires_in":3599,"token_type":"Bearer"}""");
        var accept = host.Server.Answer;
        host.Server.Answer = request => request.Headers["authorization"] == "Bearer token-1" ? new VendorAnswer(401, BodyOf(401, "UNAUTHENTICATED")) : accept(request);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None)));

        Assert.All(outcomes, outcome => Assert.Equal(SendStatus.Accepted, outcome.Status));
        Assert.Equal(2, fetched);
    }

    [Theory]
    [InlineData("\"3600\"", "Accepted")]
    [InlineData("\"soon\"", "NotSent")]
    [InlineData("null", "NotSent")]
    [InlineData("[]", "NotSent")]
    public async Task The_life_of_a_token_may_be_written_as_text_and_without_one_it_is_no_token(string life, string status)
    {
        await using var host = await FcmHost.StartAsync();
        host.Google.Answer = _ => new VendorAnswer(200, $$"""{"access_token":"token","expires_in":{{life}},"token_type":"Bearer"}""");

        Assert.Equal(status, (await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None)).Status.ToString());
    }

    [Fact]
    public async Task One_token_serves_all_sends_until_five_minutes_before_its_end()
    {
        var clock = new SteppedClock(DateTimeOffset.FromUnixTimeSeconds(1700000000));
        await using var host = await FcmHost.StartAsync(clock);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None)));
        clock.Advance(TimeSpan.FromSeconds(3599 - 301));
        await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None);
        Assert.Single(host.Google.Requests);

        clock.Advance(TimeSpan.FromSeconds(2));
        await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None);
        Assert.Equal(2, host.Google.Requests.Count);
    }

    [Theory]
    [InlineData("<html>ok</html>")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task A_success_without_a_name_is_unknown(string body)
    {
        await using var host = await FcmHost.StartAsync();
        host.Server.Answer = _ => new VendorAnswer(200, body);

        Assert.Equal(SendStatus.Unknown, (await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Without_a_readable_token_the_message_has_not_left()
    {
        await using var host = await FcmHost.StartAsync();
        host.Google.Answer = _ => new VendorAnswer(200, "<html>");

        Assert.Equal(SendStatus.NotSent, (await host.Fcm.SendAsync(FcmHost.Message(), CancellationToken.None)).Status);
        Assert.Empty(host.Server.Requests);
    }

    private static string BodyOf(int http, string code) => code switch
    {
        "(HTML body)" => "<html><body>502</body></html>",
        "" => "",
        // What stands in brackets says that there is no FcmError detail: then the status is all there is.
        _ when code.Contains('(', StringComparison.Ordinal) => $$$"""{"error":{"code":{{{http}}},"message":"x","status":"{{{code.Split(' ')[0]}}}"}}""",
        _ => $$$"""{"error":{"code":{{{http}}},"message":"x","status":"X","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"{{{code}}}"}]}}""",
    };
}
