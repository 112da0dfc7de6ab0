using System.Text.Json.Nodes;
using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Notifications;

/// What only this endpoint can be given wrong (reliability.md B28, B30, B36-B39, B41); the rest of the catalogue is thrown at it by BadJsonTests.
public sealed class NotificationInputTests(ServerHost server) : IClassFixture<ServerHost>
{
    public static TheoryData<string, string, string> Refused() => new()
    {
        { "event_id", "\"\"", "invalid_event_id" },
        { "event_id", $"\"{new string('e', 129)}\"", "invalid_event_id" },
        { "event_id", "\"order 1\"", "invalid_event_id" },
        { "event_id", "\"order-📦\"", "invalid_event_id" },
        { "event_id", "\"order\\u0007\"", "invalid_event_id" },
        { "event_id", "\"order-1\\n\"", "invalid_event_id" },
        { "send_at", "\"2100-01-01T00:00:00Z\"", "time_out_of_range" },
        { "send_at", "\"2020-01-01T00:00:00Z\"", "time_out_of_range" },
        { "expires_at", "\"2020-01-01T00:00:00Z\"", "time_out_of_range" },
        { "to", "[]", "recipient_count" },
        { "to", "[{}]", "user_or_address" },
        { "to", """[{"user_id":"u_1","email":"ann@example.org"}]""", "user_or_address" },
        { "to", """[{"user_id":"../etc/passwd"}]""", "invalid_id" },
        { "to", """[{"email":"Ann <a@x.test>, b@y.test"}]""", "invalid_email" },
        { "to", """[{"email":"ann@example.org\r\nBcc: b@y.test"}]""", "header_injection" },
        { "to", """[{"phone":"+４９123456789"}]""", "not_e164" },
        { "to", """[{"phone":"+4915112345678\n"}]""", "not_e164" },
        { "to", """[{"email":"ann@example.org","time_zone":"Mars/Olympus"}]""", "unknown_time_zone" },
        { "channels", """["fax"]""", "unknown_channel" },
        { "channels", "[]", "empty" },
        { "channels", """["push"]""", "content_missing" },
        { "category", "\"no-such-category\"", "unknown_category" },
        { "content", """{"subject":"Hello\r\nBcc: b@y.test","text":"There"}""", "header_injection" },
        { "content", "null", "template_or_content" },
        { "template", "\"welcome\"", "template_or_content" },
        { "data", "[1]", "not_an_object" },
        { "collapse_key", $"\"{new string('k', 65)}\"", "too_long" },
        { "overrides", """{"email":{"from":"not an address"}}""", "invalid_email" },
        { "overrides", """{"push":{"ttl_seconds":-1}}""", "out_of_range" },
    };

    [Theory, MemberData(nameof(Refused))]
    [Bar("B28", "B29", "B30", "B36", "B37", "B38", "B39", "B41", "S29")]
    public async Task It_is_refused_by_name_and_nothing_is_stored(string member, string value, string code)
    {
        var body = JsonNode.Parse(Target.Named("notification").Valid)!.AsObject(); // the table's own text
        var before = await StoredAsync();
        body["to"] = JsonNode.Parse("""[{"email":"ann@example.org","phone":"+4915112345678"}]""");
        body[member] = JsonNode.Parse(value);

        using var response = await server.Client.SendAsync("POST /v1/notifications", body.ToJsonString());

        var problem = await ProblemAssert.IsAsync(response, 422, "validation_failed");
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("code").GetString() == code);
        Assert.Equal(before, await StoredAsync());
    }

    [Fact]
    public async Task An_idempotency_key_is_visible_ascii()
    {
        using var request = Target.Named("notification").Request(Target.Named("notification").Valid);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "a key");

        using var response = await server.Client.SendAsync(request);

        await ProblemAssert.IsAsync(response, 422, "validation_failed");
    }

    [Fact]
    public async Task Every_error_is_told_at_once()
    {
        using var response = await server.Client.SendAsync("POST /v1/notifications", """{"to":[{"email":"x"},{"phone":"1"}],"event_id":"a b","channels":["fax"],"content":{}}""");

        var problem = await ProblemAssert.IsAsync(response, 422, "validation_failed");
        Assert.Equal(["/event_id", "/to/0/email", "/to/1/phone", "/channels/0"], problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()));
    }

    private async Task<long> StoredAsync()
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select (select count(*) from notifications) + (select count(*) from event_dedup) + (select count(*) from messages)");
    }
}
