using System.Text.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Devices;

public sealed class DevicesTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Fcm = """{"platform":"android","push_provider":"fcm","token":"TOKEN"}""";

    [Fact]
    public async Task A_token_that_turns_up_at_another_user_moves_there()
    {
        await server.GivenUserAsync("ann");
        await server.GivenUserAsync("ben");

        await PutAsync("ann", "phone", "shared");
        await PutAsync("ben", "phone", "shared");

        Assert.Empty(await DevicesOf("ann"));
        Assert.Single(await DevicesOf("ben"));
    }

    [Fact]
    public async Task A_token_keeps_its_owner_when_somebody_unknown_claims_it()
    {
        await server.GivenUserAsync("cora");
        await PutAsync("cora", "phone", "kept");

        await server.Client.RefusesAsync("PUT /v1/users/nobody/devices/phone", Fcm.Replace("TOKEN", "kept", StringComparison.Ordinal), 404, "not_found");

        Assert.Single(await DevicesOf("cora"));
    }

    [Fact]
    public async Task A_token_claimed_by_many_at_once_has_one_owner()
    {
        var users = Enumerable.Range(0, 8).Select(n => $"many{n}").ToArray();
        foreach (var user in users)
            await server.GivenUserAsync(user);

        await Task.WhenAll(users.Select(user => PutAsync(user, "phone", "wanted")));

        var owners = 0;
        foreach (var user in users)
            owners += (await DevicesOf(user)).Length;
        Assert.Equal(1, owners);
    }

    [Fact]
    public async Task A_device_changes_its_token_and_goes()
    {
        await server.GivenUserAsync("dora");
        await PutAsync("dora", "phone", "first");
        await PutAsync("dora", "phone", "second");

        Assert.Equal("second", Assert.Single(await DevicesOf("dora")).GetProperty("token").GetString());
        using var gone = await server.Client.SendAsync("DELETE /v1/users/dora/devices/phone");
        Assert.Equal(204, (int)gone.StatusCode);
        await server.Client.RefusesAsync("DELETE /v1/users/dora/devices/phone", null, 404, "not_found");
        await server.Client.RefusesAsync("GET /v1/users/nobody/devices", null, 404, "not_found");
    }

    [Fact]
    public async Task A_phone_that_was_set_up_again_takes_the_place_of_what_it_was()
    {
        await server.GivenUserAsync("fay");
        await server.GivenUserAsync("gus");
        await RegisterAsync("fay", "first-setup", "fay-1", "phone-1", "com.example.app");
        await RegisterAsync("fay", "tablet", "fay-tablet", "tablet-1", "com.example.app");
        await RegisterAsync("fay", "other-app", "fay-other", "phone-1", "com.example.other");
        await RegisterAsync("fay", "second-setup", "fay-2", "phone-1", "com.example.app");
        Assert.Equal(["other-app", "second-setup", "tablet"], (await DevicesOf("fay")).Select(device => device.GetProperty("id").GetString()));

        await RegisterAsync("gus", "handed-on", "gus-1", "phone-1", "com.example.app");

        Assert.Equal(["other-app", "tablet"], (await DevicesOf("fay")).Select(device => device.GetProperty("id").GetString()));
        Assert.Single(await DevicesOf("gus"));
    }

    [Fact]
    public async Task A_phone_that_registers_many_times_at_once_is_one_device()
    {
        await server.GivenUserAsync("hal");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => RegisterAsync("hal", $"setup-{n}", $"hal-{n}", "hals-phone", null)));

        Assert.Single(await DevicesOf("hal"));
    }

    [Theory]
    [InlineData("ios", "apns", "00112233445566770011223344556677001122334455667700112233445566AA")]
    [InlineData("macos", "apns", "00112233445566770011223344556677001122334455667700112233445566BB")]
    [InlineData("ios", "fcm", "model-ios")]
    [InlineData("android", "fcm", "model-android")]
    [InlineData("web", "fcm", "model-web")]
    [InlineData("android", "jpush", "model-jpush")]
    [InlineData("ios", "pushy", "model-pushy")]
    [InlineData("web", "webpush", "SUBSCRIPTION")]
    [InlineData("windows", "webpush", "SUBSCRIPTION")]
    public async Task Every_kind_of_device_is_one_of_one_model(string platform, string provider, string token)
    {
        var (user, key, auth) = ($"kind-{platform}-{provider}", "BBx80zwVsFoAO81nXOAL6F7mCmf2OBGKRP-L7fHWpq0vMs3CDf-PWcZ99hSwucFsdyNXU-HJFGp48s6yv3oQLxk", "ZDYbetb77D3NBOfg0GcA6g");
        if (token == "SUBSCRIPTION") token = JsonSerializer.Serialize(new { endpoint = $"https://push.example/{platform}", expirationTime = (string?)null, keys = new { p256dh = key, auth } });
        await server.GivenUserAsync(user);

        using var response = await server.Client.SendAsync($"PUT /v1/users/{user}/devices/d", JsonSerializer.Serialize(new
        {
            platform, push_provider = provider, token, app_id = "com.example", app_version = "1.2", locale = "de-CH", time_zone = "Europe/Zurich", install_id = user,
        }));

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var device = Assert.Single(await DevicesOf(user));
        Assert.Equal((platform, provider, "de-CH", "Europe/Zurich", "1.2"), (device.GetProperty("platform").GetString(), device.GetProperty("push_provider").GetString(),
            device.GetProperty("locale").GetString(), device.GetProperty("time_zone").GetString(), device.GetProperty("app_version").GetString()));
    }

    [Theory]
    [InlineData("""{"platform":"toaster","push_provider":"fcm","token":"a"}""", "/platform")]
    [InlineData("""{"platform":"ios","push_provider":"pigeon","token":"a"}""", "/push_provider")]
    [InlineData("""{"platform":"android","push_provider":"apns","token":"0011223344556677001122334455667700112233445566770011223344556677"}""", "/push_provider")]
    [InlineData("""{"platform":"ios","push_provider":"apns","token":"xyz"}""", "/token")]
    [InlineData("""{"platform":"ios","push_provider":"apns","token":"001122334455667700112233445566770011223344556677001122334455667"}""", "/token")]
    [InlineData("""{"platform":"web","push_provider":"webpush","token":"{\"endpoint\":\"http://push.example\"}"}""", "/token")]
    [InlineData("""{"platform":"android","push_provider":"fcm","token":"a\nb"}""", "/token")]
    [Bar("B40")]
    public async Task B40_a_token_that_cannot_be_one_is_refused(string json, string field)
    {
        await server.GivenUserAsync("eve");
        using var response = await server.Client.SendAsync("PUT /v1/users/eve/devices/d", json);

        await ProblemAssert.IsAsync(response, 422, "validation_failed");
        Assert.Equal(field, await ProblemAssert.PointerAsync(response));
    }

    [Fact]
    [Bar("B40")]
    public async Task B40_a_token_of_10_KB_is_refused()
    {
        await server.Client.RefusesAsync("PUT /v1/users/eve/devices/d", Fcm.Replace("TOKEN", new string('a', 10_240), StringComparison.Ordinal), 422, "validation_failed");
    }

    private async Task PutAsync(string user, string device, string token)
    {
        using var response = await server.Client.SendAsync($"PUT /v1/users/{user}/devices/{device}", Fcm.Replace("TOKEN", token, StringComparison.Ordinal));
        Assert.Equal(204, (int)response.StatusCode);
    }

    private async Task RegisterAsync(string user, string device, string token, string install, string? app)
    {
        using var response = await server.Client.SendAsync($"PUT /v1/users/{user}/devices/{device}",
            JsonSerializer.Serialize(new { platform = "android", push_provider = "fcm", token, install_id = install, app_id = app }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement[]> DevicesOf(string user) =>
        [.. (await server.Client.JsonAsync($"GET /v1/users/{user}/devices")).GetProperty("data").EnumerateArray()];
}
