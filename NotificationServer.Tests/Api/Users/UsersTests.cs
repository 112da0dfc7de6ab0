using System.Text.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Users;

public sealed class UsersTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_user_is_created_read_replaced_patched_and_forgotten()
    {
        using var created = await server.Client.SendAsync("PUT /v1/users/u1", """{"email":"Ann@EXAMPLE.com","attributes":{"a":1,"b":{"c":1,"d":2}},"tags":["x","x"]}""");
        Assert.Equal(201, (int)created.StatusCode);
        Assert.Equal("/v1/users/u1", created.Headers.Location?.ToString());
        Assert.Equal("\"1\"", created.Headers.ETag?.Tag);

        var patched = await server.Client.JsonAsync("PATCH /v1/users/u1", """{"phone":"+41791234567","attributes":{"b":{"c":null,"e":3}}}""");
        Assert.Equal("Ann@example.com", patched.GetProperty("email").GetString());
        Assert.Equal("""{"a":1,"b":{"d":2,"e":3}}""", JsonSerializer.Serialize(patched.GetProperty("attributes")));
        Assert.Equal(["x"], patched.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
        Assert.EndsWith("Z", patched.GetProperty("updated_at").GetString(), StringComparison.Ordinal);

        var replaced = await server.Client.JsonAsync("PUT /v1/users/u1", """{"locale":"de-CH"}""");
        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("email").ValueKind);
        Assert.Equal(3, (await server.Client.JsonAsync("GET /v1/users/u1")).GetProperty("version").GetInt32());

        using var deleted = await server.Client.SendAsync("DELETE /v1/users/u1");
        Assert.Equal(204, (int)deleted.StatusCode);
        await server.Client.RefusesAsync("GET /v1/users/u1", null, 404, "not_found");
        await server.Client.RefusesAsync("DELETE /v1/users/u1", null, 404, "not_found");
        await server.Client.RefusesAsync("PATCH /v1/users/u1", "{}", 404, "not_found");
    }

    [Fact]
    public async Task A_change_to_a_version_that_is_no_longer_current_is_refused()
    {
        await server.GivenUserAsync("u2");
        await server.GivenUserAsync("u2");

        foreach (var call in new[] { "PUT /v1/users/u2", "PATCH /v1/users/u2", "PUT /v1/users/u2-unknown" })
        {
            using var stale = await server.Client.SendAsync(call, "{}", ("If-Match", "\"1\""));
            await ProblemAssert.IsAsync(stale, 412, "version_conflict");
        }

        await server.Client.JsonAsync("PATCH /v1/users/u2", "{}", ("If-Match", "\"2\""));
        using var nonsense = await server.Client.SendAsync("PUT /v1/users/u2", "{}", ("If-Match", "2"));
        await ProblemAssert.IsAsync(nonsense, 400, "invalid_parameter");
    }

    [Fact]
    public async Task Patches_at_once_are_all_kept()
    {
        await server.GivenUserAsync("u3");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => server.Client.JsonAsync("PATCH /v1/users/u3", $$$"""{"attributes":{"k{{{n}}}":{{{n}}}}}""")));

        Assert.Equal(4, (await server.Client.JsonAsync("GET /v1/users/u3")).GetProperty("attributes").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("""{"email":"Ann <a@x.test>, b@y.test"}""", "/email", "invalid_email")]
    [InlineData("""{"email":"a@x.test\r\nBcc: b@y.test"}""", "/email", "header_injection")]
    [InlineData("""{"email":"ü@x.test"}""", "/email", "needs_smtputf8")]
    [InlineData("""{"phone":"0049301234567"}""", "/phone", "not_e164")]
    [InlineData("""{"phone":"+49301234567\n"}""", "/phone", "not_e164")]
    [InlineData("""{"locale":"german"}""", "/locale", "unknown_locale")]
    [InlineData("""{"time_zone":"Mars/Base"}""", "/time_zone", "unknown_time_zone")]
    [InlineData("""{"time_zone":"../../etc/passwd"}""", "/time_zone", "unknown_time_zone")]
    [InlineData("""{"time_zone":"W. Europe Standard Time"}""", "/time_zone", "unknown_time_zone")]
    [InlineData("""{"country":"XX"}""", "/country", "unknown_country")]
    [InlineData("""{"attributes":[]}""", "/attributes", "wrong_type")]
    [InlineData("""{"tags":[""]}""", "/tags/0", "invalid_tag")]
    [InlineData("""{"tags":[null]}""", "/tags/0", "invalid_tag")]
    [Bar("B36", "B39")]
    public async Task B36_B39_a_value_that_will_not_do_is_named(string json, string field, string code)
    {
        using var response = await server.Client.SendAsync("PUT /v1/users/u4", json);
        var problem = await ProblemAssert.IsAsync(response, 422, "validation_failed");

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal((field, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_nothing_is_stored()
    {
        using var response = await server.Client.SendAsync("PUT /v1/users/u5", """{"email":"x","phone":"y","country":"z"}""");

        Assert.Equal(3, (await ProblemAssert.IsAsync(response, 422, "validation_failed")).GetProperty("errors").GetArrayLength());
        await server.Client.RefusesAsync("GET /v1/users/u5", null, 404, "not_found");
    }

    [Fact]
    [Bar("B38")]
    public async Task B38_an_international_domain_is_stored_in_its_ascii_form()
    {
        var user = await server.Client.JsonAsync("PUT /v1/users/u6", """{"email":"a@MÜNCHEN.example"}""");

        Assert.Equal("a@xn--mnchen-3ya.example", user.GetProperty("email").GetString());
    }

    [Fact]
    public async Task Text_in_any_script_comes_back_as_it_was_given()
    {
        const string Json = """{"attributes":{"name":"Zoë 😀 ﷽","escaped":"\ud83d\ude00"}}""";

        var user = await server.Client.JsonAsync("PUT /v1/users/u7", Json);

        Assert.Equal("Zoë 😀 ﷽", user.GetProperty("attributes").GetProperty("name").GetString());
        Assert.Equal("😀", user.GetProperty("attributes").GetProperty("escaped").GetString());
    }
}
