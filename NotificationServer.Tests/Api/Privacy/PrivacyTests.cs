using NotificationServer.Api.Auth;
using NotificationServer.Recipients.Privacy;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Privacy;

public sealed class PrivacyTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    [Bar("S10")]
    public async Task Lists_are_masked_unless_the_key_may_see_and_asks_and_then_it_is_on_record()
    {
        await server.Client.JsonAsync("POST /v1/suppressions", """{"channel":"sms","address":"+41791234567"}""");
        var limited = await server.ClientWithAsync(Scopes.PreferencesWrite);

        var masked = (await limited.JsonAsync("GET /v1/suppressions")).GetRawText();
        Assert.Contains("+41…67", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567", masked, StringComparison.Ordinal);
        await limited.RefusesAsync("GET /v1/suppressions?reveal=true", null, 403, "missing_scope");
        Assert.Contains("+41791234567", (await server.Client.JsonAsync("GET /v1/suppressions?reveal=true")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, await server.Database.Source.CountAsync("select count(*) from audit_log where action = 'personal.reveal' and actor = 'client:test'"));
        Assert.Equal(0, await server.Database.Source.CountAsync("select count(*) from audit_log where target like '%1234567%'"));
    }

    [Theory]
    [InlineData("ann@example.org", "a…@example.org")]
    [InlineData("+41791234567", "+41…67")]
    [InlineData("abcdefghijklmnop", "abcd…")]
    [InlineData("short", "…")]
    [Bar("S10")]
    public void Masked_it_is_known_again_and_not_learnt(string address, string masked) => Assert.Equal(masked, Masked.Any(address));

    [Fact]
    public async Task An_export_holds_everything_and_who_asked_is_on_record()
    {
        var user = await GivenUserAsync("export-me");
        using var device = await server.Client.SendAsync($"PUT /v1/users/{user}/devices/d1", """{"platform":"android","push_provider":"fcm","token":"export:token"}""");
        Assert.True(device.IsSuccessStatusCode);
        await server.Client.JsonAsync($"POST /v1/users/{user}/consents", """{"channel":"email","opt_in":true,"source":"checkout"}""");
        await server.Client.JsonAsync("POST /v1/suppressions", """{"channel":"sms","address":"+41790000001"}""");
        await MailAsync(user);

        var export = await server.Client.JsonAsync($"GET /v1/users/{user}/export");

        Assert.Equal("export-me@example.org", export.GetProperty("profile").GetProperty("email").GetString());
        foreach (var (list, count) in new[] { ("devices", 1), ("preferences", 1), ("consents", 1), ("suppressions", 1), ("messages", 1) })
            Assert.Equal(count, export.GetProperty(list).GetArrayLength());
        Assert.Contains("There", export.GetProperty("messages").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, await server.Database.Source.CountAsync("select count(*) from audit_log where action = 'user.export' and target = @target", new { target = $"user:{user}" }));
        await server.Client.RefusesAsync("GET /v1/users/never-seen/export", null, 404, "not_found");
    }

    [Fact]
    [Bar("S40")]
    public async Task Erased_a_person_is_nowhere_but_in_a_keyed_hash_that_marketing_still_respects()
    {
        var user = await GivenUserAsync("erase-me");
        await server.Client.JsonAsync($"POST /v1/users/{user}/consents", """{"channel":"email","opt_in":true,"source":"checkout"}""");
        await server.Client.JsonAsync($"PUT /v1/users/{user}/block", """{"reason":"test","until":"2000-01-01T00:00:00Z"}""".Replace("2000-01-01T00:00:00Z", $"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}", StringComparison.Ordinal));
        var waiting = await MailAsync(user, sendAt: TimeProvider.System.GetUtcNow().AddHours(1));

        await server.Client.JsonAsync($"POST /v1/users/{user}:erase", """{"reason":"asked by mail"}""");

        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var tables = await Dapper.SqlMapper.QueryAsync<string>(connection,
            "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like '%\\_20%'");
        foreach (var table in tables)
        {
            // An answer is kept for a day under its idempotency key.
            Assert.True(table == "idempotency_keys" || await server.Database.Source.CountAsync($"select count(*) from {table} t where t::text like '%erase-me%'") == 0, table);
        }
        Assert.Equal("cancelled", (await server.Client.JsonAsync($"GET /v1/messages/{waiting}")).GetProperty("delivery_status").GetString());
        Assert.Equal(2, await server.Database.Source.CountAsync("select count(*) from suppressions where address like 'hmac:%' and reason = 'erased'"));

        // The same address comes back from an old list: marketing finds the hash, what was asked for does not.
        await server.GivenUserAsync("another", """{"email":"erase-me@example.org"}""");
        var (offer, order) = (await MailAsync("another", "offers"), await MailAsync("another", "orders"));
        await Eventually.IsTrueAsync(async () => await StatusAsync(offer) == "suppressed" && await StatusAsync(order) == "sent");

        // Came back by their own will: a yes, written down, lets marketing reach them again.
        await server.Client.JsonAsync("POST /v1/users/another/consents", """{"channel":"email","category":"offers","opt_in":true,"source":"checkout"}""");
        var wanted = await MailAsync("another", "offers");
        await Eventually.IsTrueAsync(async () => await StatusAsync(wanted) == "sent");
    }

    [Fact]
    public async Task Erasing_who_is_not_known_is_404() =>
        await server.Client.RefusesAsync("POST /v1/users/never-seen:erase", """{"reason":"x"}""", 404, "not_found");

    private async Task<string?> StatusAsync(string message) => (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString();

    private async Task<string> GivenUserAsync(string user)
    {
        await server.GivenUserAsync(user, $$"""{"email":"{{user}}@example.org","phone":"+41790000001"}""");
        return user;
    }

    private async Task<string> MailAsync(string user, string category = "orders", DateTimeOffset? sendAt = null) => (await server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"user_id":"{{{user}}}"}],"channels":["email"],"category":"{{{category}}}","send_at":{{{(sendAt is { } at ? $"\"{at:yyyy-MM-ddTHH:mm:ssZ}\"" : "null")}}},"content":{"subject":"Hello","text":"There"}}"""))
        .GetProperty("messages")[0].GetProperty("id").GetString()!; // always there
}
