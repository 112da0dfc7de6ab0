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

    [Theory]
    [InlineData("""{"platform":"toaster","push_provider":"fcm","token":"a"}""", "/platform")]
    [InlineData("""{"platform":"ios","push_provider":"pigeon","token":"a"}""", "/push_provider")]
    [InlineData("""{"platform":"android","push_provider":"apns","token":"0011223344556677001122334455667700112233445566770011223344556677"}""", "/push_provider")]
    [InlineData("""{"platform":"ios","push_provider":"apns","token":"xyz"}""", "/token")]
    [InlineData("""{"platform":"ios","push_provider":"apns","token":"001122334455667700112233445566770011223344556677001122334455667"}""", "/token")]
    [InlineData("""{"platform":"web","push_provider":"webpush","token":"{\"endpoint\":\"http://push.example\"}"}""", "/token")]
    [InlineData("""{"platform":"android","push_provider":"fcm","token":"a\nb"}""", "/token")]
    public async Task B40_a_token_that_cannot_be_one_is_refused(string json, string field)
    {
        await server.GivenUserAsync("eve");
        using var response = await server.Client.SendAsync("PUT /v1/users/eve/devices/d", json);

        await ProblemAssert.IsAsync(response, 422, "validation_failed");
        Assert.Equal(field, await ProblemAssert.PointerAsync(response));
    }

    [Fact]
    public async Task B40_a_token_of_10_KB_is_refused()
    {
        await server.Client.RefusesAsync("PUT /v1/users/eve/devices/d", Fcm.Replace("TOKEN", new string('a', 10_240), StringComparison.Ordinal), 422, "validation_failed");
    }

    private async Task PutAsync(string user, string device, string token)
    {
        using var response = await server.Client.SendAsync($"PUT /v1/users/{user}/devices/{device}", Fcm.Replace("TOKEN", token, StringComparison.Ordinal));
        Assert.Equal(204, (int)response.StatusCode);
    }

    private async Task<JsonElement[]> DevicesOf(string user) =>
        [.. (await server.Client.JsonAsync($"GET /v1/users/{user}/devices")).GetProperty("data").EnumerateArray()];
}
