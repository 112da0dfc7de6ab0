using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Providers;

public sealed class ProvidersTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Secret = "canary-7f3a9";
    private readonly string key = $"acct-{Guid.CreateVersion7():N}"[..20] + Random.Shared.Next(1000);

    private static string Twilio(string more = "", string secrets = """{"auth_token":"canary-7f3a9"}""") =>
        $$"""{"kind":"twilio","settings":{"account_sid":"AC1","from":"+15005550006"},"secrets":{{secrets}}{{more}}}""";

    [Fact]
    [Bar("S10")]
    public async Task An_account_is_added_shown_changed_and_removed_and_its_secrets_never_come_back()
    {
        var created = await server.Client.JsonAsync($"PUT /v1/providers/{key}",
            Twilio(""","markets":["DE","CH"],"order":5,"weight":3,"rate_per_second":10,"daily_cap":5000,"warm_up":{"start_date":"2026-11-01","first_day":50,"growth_per_day":2},"reason":"a new market" """));
        var shown = await server.Client.JsonAsync($"GET /v1/providers/{key}");

        Assert.Equal(("twilio", "account", 5, 3), (Text(created, "kind"), Text(shown, "source"), shown.GetProperty("order").GetInt32(), shown.GetProperty("weight").GetInt32()));
        Assert.Equal(["sms"], Texts(shown, "channels"));
        Assert.Equal(["auth_token"], Texts(shown, "secrets_set"));
        Assert.Equal("closed", shown.GetProperty("health").GetProperty("state").GetString());
        Assert.Equal("2026-11-01", shown.GetProperty("warm_up").GetProperty("start_date").GetString());
        Assert.DoesNotContain(Secret, created.GetRawText() + shown.GetRawText(), StringComparison.Ordinal);
        var listed = await server.Client.JsonAsync("GET /v1/providers?limit=200");
        Assert.Contains(listed.GetProperty("data").EnumerateArray(), one => Text(one, "key") == key);

        // Secrets that are not named stay.
        await server.Client.JsonAsync($"PUT /v1/providers/{key}", """{"kind":"twilio","settings":{"account_sid":"AC2","from":"+15005550006"},"enabled":false}""");
        var settings = server.Services.GetRequiredService<ProviderAccounts>().SettingsOf<TwilioOptions>(key);
        Assert.Equal(("AC2", Secret), (settings?.AccountSid, settings?.AuthToken));

        using var gone = await server.Client.SendAsync($"DELETE /v1/providers/{key}");
        Assert.Equal(204, (int)gone.StatusCode);
        await server.Client.RefusesAsync($"GET /v1/providers/{key}", null, 404, "not_found");
        var audit = await server.Client.JsonAsync($"GET /v1/audit-log?target=provider:{key}");
        Assert.Equal(["provider.delete", "provider.put", "provider.put"], audit.GetProperty("data").EnumerateArray().Select(entry => Text(entry, "action")));
        Assert.Contains("a new market", audit.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, audit.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S34")]
    public async Task Nothing_in_the_database_holds_a_secret_in_clear_and_moved_bytes_do_not_open()
    {
        await server.Client.JsonAsync($"PUT /v1/providers/{key}", Twilio());
        await server.Client.JsonAsync($"PUT /v1/providers/{key}-2", Twilio());
        await using var connection = await server.Database.Source.OpenConnectionAsync();

        Assert.Equal(0, await connection.ExecuteScalarAsync<int>(
            "select count(*)::integer from provider_accounts p where p::text like '%canary%' or position('canary'::bytea in secrets) > 0"));

        await connection.ExecuteAsync(
            "update provider_accounts set secrets = (select secrets from provider_accounts where key = @key) where key = @other; update provider_catalog set version = version + 1",
            new { key, other = $"{key}-2" });
        await Eventually.IsTrueAsync(async () =>
            (await server.Client.JsonAsync($"GET /v1/providers/{key}-2")).GetProperty("problem").GetString()?.Contains("cannot be decrypted", StringComparison.Ordinal) == true);
        Assert.Equal(JsonValueKind.Null, (await server.Client.JsonAsync($"GET /v1/providers/{key}")).GetProperty("problem").ValueKind);
    }

    [Theory]
    [InlineData("""{"kind":"pigeon"}""", "/kind", "unknown_vendor")]
    [InlineData("""{"kind":"twilio","settings":{"account_sid":"AC1","from":"x","pigeons":3},"secrets":{"auth_token":"x"}}""", "/settings/pigeons", "unknown_setting")]
    [InlineData("""{"kind":"twilio","settings":{"account_sid":"AC1","messaging_service_sid":1e400000},"secrets":{"auth_token":"x"}}""", "/settings/messaging_service_sid", "number_out_of_range")]
    [InlineData("""{"kind":"twilio","settings":{"account_sid":"AC1","from":"x","auth_token":"x"}}""", "/settings/auth_token", "is_secret")]
    [InlineData("""{"kind":"sendgrid","settings":{"from":"a@example.org"}}""", "/secrets/api_key", "missing")]
    [InlineData("""{"kind":"apns","settings":{"key_id":"K","team_id":"T","topic":"t","private_key_file":"/etc/passwd"}}""", "/settings/private_key_file", "file_not_allowed")]
    [InlineData("""{"kind":"apns","settings":{"key_id":"K","team_id":"T","topic":"t"}}""", "/secrets/private_key", "missing")]
    [InlineData("""{"kind":"smtp","settings":{"host":"mail.example.org","from":"a@example.org","user":"u","access_token_file":"/proc/self/environ"}}""", "/settings/access_token_file", "file_not_allowed")]
    [InlineData("""{"kind":"smtp","settings":{"host":"mail.example.org","from":"a@example.org","dkim_domain":"example.org","dkim_selector":"s","dkim_key_file":"/etc/hostname"}}""", "/settings/dkim_key_file", "file_not_allowed")]
    [InlineData("""{"kind":"twilio","markets":["XX"]}""", "/markets/0", "unknown_country")]
    [InlineData("""{"kind":"twilio","channels":["smoke"]}""", "/channels/0", "unknown_channel")]
    [InlineData("""{"kind":"twilio","weight":0}""", "/weight", "out_of_range")]
    [InlineData("""{"kind":"twilio","daily_cap":-1}""", "/daily_cap", "out_of_range")]
    [InlineData("""{"kind":"twilio","secrets":{"auth_token":5}}""", "/secrets/auth_token", "not_text")]
    [InlineData("""{"kind":"twilio","warm_up":{"start_date":"2026-11-01","first_day":0,"growth_per_day":1}}""", "/warm_up/first_day", "out_of_range")]
    public async Task What_cannot_be_used_is_refused_with_a_pointer_and_changes_nothing(string body, string field, string code)
    {
        using var refused = await server.Client.SendAsync($"PUT /v1/providers/{key}", body);
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal((422, "validation_failed"), ((int)refused.StatusCode, Text(problem, "code")));
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => Text(error, "pointer") == field && Text(error, "code") == code);
        await server.Client.RefusesAsync($"GET /v1/providers/{key}", null, 404, "not_found");
    }

    [Fact]
    public async Task Of_two_people_who_change_an_account_at_once_the_second_is_told()
    {
        using var created = await server.Client.SendAsync($"PUT /v1/providers/{key}", Twilio());
        var tag = created.Headers.ETag!.Tag; // every answer has one
        using var first = await server.Client.SendAsync($"PUT /v1/providers/{key}", Twilio(""","order":7"""), ("If-Match", tag));
        using var second = await server.Client.SendAsync($"PUT /v1/providers/{key}", Twilio(""","order":8"""), ("If-Match", tag));

        Assert.Equal((201, 200, 412), ((int)created.StatusCode, (int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(7, (await server.Client.JsonAsync($"GET /v1/providers/{key}")).GetProperty("order").GetInt32());
    }

    [Fact]
    public async Task Rules_are_replaced_as_a_whole_and_hold_on_to_the_accounts_that_they_name()
    {
        await server.Client.JsonAsync($"PUT /v1/providers/{key}", Twilio());
        var before = await server.Client.JsonAsync("GET /v1/routing-rules");
        var rules = $$"""{"rules":[{"key":"swiss","channels":["sms"],"countries":["CH"],"accounts":["{{key}}"]}]}""";
        using var put = await server.Client.SendAsync("PUT /v1/routing-rules", rules, ("If-Match", $"\"{before.GetProperty("version")}\""));
        using var late = await server.Client.SendAsync("PUT /v1/routing-rules", """{"rules":[]}""", ("If-Match", $"\"{before.GetProperty("version")}\""));

        Assert.Equal((200, 412), ((int)put.StatusCode, (int)late.StatusCode));
        Assert.Equal("swiss", Text((await server.Client.JsonAsync("GET /v1/routing-rules")).GetProperty("rules")[0], "key"));
        await server.Client.RefusesAsync($"DELETE /v1/providers/{key}", null, 409, "wrong_state");
        await server.Client.RefusesAsync("PUT /v1/routing-rules", """{"rules":[{"key":"x","accounts":["nobody"]}]}""", 422, "validation_failed");
        await server.Client.RefusesAsync("PUT /v1/routing-rules", """{"rules":[{"key":"x","accounts":[]}]}""", 422, "validation_failed");

        var explained = await server.Client.JsonAsync("POST /v1/notifications:explain", """{"to":[{"phone":"+41791234567"},{"phone":"+33612345678"}],"channels":["sms"],"content":{"text":"Hello"}}""");
        Assert.Equal((key, "swiss"), (Text(explained.GetProperty("decisions")[0], "provider"), Text(explained.GetProperty("decisions")[0], "route_rule")));
        Assert.Equal(JsonValueKind.Null, explained.GetProperty("decisions")[1].GetProperty("route_rule").ValueKind);
        await server.Client.JsonAsync("PUT /v1/routing-rules", """{"rules":[]}""");
    }

    [Fact]
    public async Task A_mail_goes_through_the_account_that_its_request_names()
    {
        const string mail = """{"kind":"sendgrid","settings":{"from":"a@example.org"},"secrets":{"api_key":"x"},"order":""";
        await server.Client.JsonAsync($"PUT /v1/providers/{key}", mail + "1}");
        await server.Client.JsonAsync($"PUT /v1/providers/{key}-b", mail + "2}");
        string Body(string? provider) => $$$$"""{"to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"a","text":"b"},"overrides":{"email":{"provider":"{{{{provider}}}}"}}}""";

        var chosen = (await server.Client.JsonAsync("POST /v1/notifications:explain", Body($"{key}-b"))).GetProperty("decisions")[0];

        Assert.Equal(($"{key}-b", "pinned"), (Text(chosen, "provider"), Text(chosen, "route_rule")));
        await server.Client.RefusesAsync("POST /v1/notifications", Body("nobody"), 422, "validation_failed");
    }

    [Fact]
    public async Task Only_who_may_operate_the_server_sees_or_changes_accounts()
    {
        using var reader = await server.ClientWithAsync("ops:read");
        using var sender = await server.ClientWithAsync("notifications:write");

        await sender.RefusesAsync("GET /v1/providers", null, 403, "missing_scope");
        await reader.RefusesAsync($"PUT /v1/providers/{key}", Twilio(), 403, "missing_scope");
        await reader.RefusesAsync($"POST /v1/providers/{key}:trip", """{"reason":"x"}""", 403, "missing_scope");
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private static IEnumerable<string?> Texts(JsonElement of, string name) => of.GetProperty(name).EnumerateArray().Select(one => one.GetString());
}
