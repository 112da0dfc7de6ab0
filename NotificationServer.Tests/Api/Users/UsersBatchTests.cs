using System.Text.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Users;

/// Many users with one call.
public sealed class UsersBatchTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Call = "POST /v1/users:batch";

    [Fact]
    public async Task What_is_named_is_changed_and_the_rest_stays()
    {
        await server.GivenUserAsync("b1", """{"email":"old@example.org","phone":"+41791234567","locale":"de-CH","attributes":{"plan":"free","team":"a"},"tags":["x"]}""");

        var answer = await Send("""{"user_id":"b1","email":"New@MÜNCHEN.example","phone":null,"attributes":{"plan":"pro","team":null}}""", """{"user_id":"b2","country":"CH"}""");

        Assert.Equal((1, 1), (answer.GetProperty("created").GetInt32(), answer.GetProperty("changed").GetInt32()));
        var user = await server.Client.JsonAsync("GET /v1/users/b1");
        Assert.Equal(("New@xn--mnchen-3ya.example", JsonValueKind.Null, "de-CH"), (user.GetProperty("email").GetString(), user.GetProperty("phone").ValueKind, user.GetProperty("locale").GetString()));
        Assert.Equal("""{"plan":"pro"}""", JsonSerializer.Serialize(user.GetProperty("attributes")));
        Assert.Equal(2, user.GetProperty("version").GetInt32());
        Assert.Equal("x", user.GetProperty("tags")[0].GetString());
        Assert.Equal("CH", (await server.Client.JsonAsync("GET /v1/users/b2")).GetProperty("country").GetString());
    }

    [Fact]
    public async Task The_same_again_changes_nothing()
    {
        const string User = """{"user_id":"b3","email":"b3@example.org","tags":["a"],"attributes":{"x":1},"devices":[{"device_id":"d","platform":"android","push_provider":"fcm","token":"b3"}]}""";
        await Send(User);

        var again = await Send(User);

        Assert.Equal((0, 0), (again.GetProperty("created").GetInt32(), again.GetProperty("changed").GetInt32()));
        Assert.Equal(1, (await server.Client.JsonAsync("GET /v1/users/b3")).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Items_are_judged_one_by_one_and_the_good_ones_stored()
    {
        var answer = await Send(
            """{"user_id":"b4"}""", """{"user_id":"b5","email":"Ann <a@x.test>, b@y.test","phone":"0049"}""", """{"user_id":"b4"}""", """{"user_id":"b6","colour":"red"}""",
            """{"email":"x@example.org"}""", "null", """{"user_id":"b7","attributes":{"a":"\u0000"}}""",
            """{"user_id":"b8","devices":[{"device_id":"d","platform":"ios","push_provider":"apns","token":"xyz"}]}""", """{"user_id":"../x"}""", """{"user_id":"b9"}""");

        var results = answer.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal([200, 422, 422, 422, 422, 422, 422, 422, 422, 200], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(["/email", "/phone"], Pointers(results[1]));
        Assert.Equal(["/user_id"], Pointers(results[2]));
        Assert.Equal(["/devices/0/token"], Pointers(results[7]));
        await server.Client.RefusesAsync("GET /v1/users/b5", null, 404, "not_found");
        await server.Client.JsonAsync("GET /v1/users/b9");
    }

    [Fact]
    public async Task A_call_without_items_or_with_too_many_is_refused()
    {
        await server.Client.RefusesAsync(Call, """{"items":[]}""", 422, "validation_failed");
        await server.Client.RefusesAsync(Call, $$"""{"items":[{{string.Join(',', Enumerable.Repeat("{}", 1001))}}]}""", 422, "validation_failed");
        await server.Client.RefusesAsync(Call, """{"users":[]}""", 400, "unknown_property");
        await server.Client.RefusesAsync(Call, """[]""", 400, "wrong_type");
    }

    [Fact]
    public async Task Devices_come_along_and_leave_whoever_had_them()
    {
        await server.GivenUserAsync("b10");
        await server.Client.SendAsync("PUT /v1/users/b10/devices/old", """{"platform":"android","push_provider":"fcm","token":"b-moved","install_id":"b-inst","app_id":"app"}""");
        await server.Client.SendAsync("PUT /v1/users/b10/devices/other", """{"platform":"android","push_provider":"fcm","token":"b-other","install_id":"b-inst","app_id":"another app"}""");

        await Send(
            """{"user_id":"b11","devices":[{"device_id":"a","platform":"android","push_provider":"fcm","token":"b-moved"},{"device_id":"b","platform":"web","push_provider":"fcm","token":"b-web","locale":"de"}]}""",
            """{"user_id":"b12","devices":[{"device_id":"a","platform":"android","push_provider":"fcm","token":"b-new","install_id":"b-inst","app_id":"app"},{"device_id":"b","platform":"web","push_provider":"fcm","token":"b-web"}]}""");

        Assert.Equal(["other"], await DevicesOf("b10"));
        Assert.Equal(["a"], await DevicesOf("b11"));
        Assert.Equal(["a", "b"], await DevicesOf("b12"));
    }

    [Fact]
    public async Task Batches_at_once_about_the_same_people_neither_fail_nor_lose_a_word()
    {
        var users = Enumerable.Range(0, 50).Select(n => $"many-{n}").ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Send([.. users.Order(Comparer<string>.Create((a, b) => n % 2 == 0 ? string.CompareOrdinal(a, b) : string.CompareOrdinal(b, a)))
            .Select(user => $$$"""{"user_id":"{{{user}}}","attributes":{"k{{{n}}}":1},"devices":[{"device_id":"d{{{n}}}","platform":"android","push_provider":"fcm","token":"{{{user}}}-{{{n}}}"}]}""")])));

        Assert.All(answers, answer => Assert.All(answer.GetProperty("results").EnumerateArray(), result => Assert.Equal(200, result.GetProperty("status").GetInt32())));
        foreach (var user in users.Take(5))
        {
            Assert.Equal(6, (await server.Client.JsonAsync($"GET /v1/users/{user}")).GetProperty("attributes").EnumerateObject().Count());
            Assert.Equal(6, (await DevicesOf(user)).Length);
        }
    }

    private Task<JsonElement> Send(params string[] items) => server.Client.JsonAsync(Call, $$"""{"items":[{{string.Join(',', items)}}]}""");

    private async Task<string[]> DevicesOf(string user) =>
        [.. (await server.Client.JsonAsync($"GET /v1/users/{user}/devices")).GetProperty("data").EnumerateArray().Select(device => device.GetProperty("id").GetString()!)];

    private static string[] Pointers(JsonElement result) =>
        [.. result.GetProperty("problem").GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!)];
}
