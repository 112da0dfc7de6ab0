using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Keys;

public sealed class KeyPagesTests(OutsideServer server) : IClassFixture<OutsideServer>
{
    private static readonly (string, string)[] Reader = [("Form.Scopes", "notifications:read"), ("Form.Sandbox", "false"), ("Form.Lives", "90")];

    [Fact]
    [Bar("S02", "S05")]
    public async Task A_key_that_was_made_works_is_shown_once_and_is_refused_when_it_is_revoked()
    {
        using var client = await server.SignedInAsync();

        var key = await MadeAsync(client, "billing", "production");
        var id = key.Split('_')[2];
        Assert.Equal(200, await StatusAsync(key));
        var page = await client.ReadAsync($"/admin/keys/{id}");
        Assert.Contains("production", page, StringComparison.Ordinal);
        Assert.DoesNotContain(key, page, StringComparison.Ordinal);
        Assert.Contains("every node refuses each call", page, StringComparison.Ordinal);

        var revoked = await client.PostAsync($"/admin/keys/{id}?handler=Revoke", ("Reason", "it was in a log"));

        Assert.Equal(302, (int)revoked.StatusCode);
        Assert.Equal(401, await StatusAsync(key));
        Assert.Contains("is revoked", await client.ReadAsync($"/admin/keys/{id}"), StringComparison.Ordinal);
        var log = await client.ReadAsync($"/admin/audit?target=api_key:{id}");
        Assert.Contains("it was in a log", log, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", log, StringComparison.Ordinal);
        Assert.DoesNotContain(key, log, StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S05")]
    public async Task A_key_that_was_rotated_works_beside_the_new_one_until_its_time_is_over()
    {
        using var client = await server.SignedInAsync();
        var old = await MadeAsync(client, "shop", "rotated");

        var next = KeyIn(await (await client.PostAsync($"/admin/keys/{old.Split('_')[2]}?handler=Rotate", ("overlap", "24"))).Content.ReadAsStringAsync());

        Assert.NotEqual(old, next);
        Assert.Equal((200, 200), (await StatusAsync(old), await StatusAsync(next)));
        Assert.Contains("Replaced, ends in", await client.ReadAsync("/admin/keys?q=rotated"), StringComparison.Ordinal);

        var last = KeyIn(await (await client.PostAsync($"/admin/keys/{next.Split('_')[2]}?handler=Rotate", ("overlap", "0"))).Content.ReadAsStringAsync());

        Assert.Equal((401, 200), (await StatusAsync(next), await StatusAsync(last)));
    }

    [Fact]
    public async Task A_key_for_another_network_is_refused_like_one_that_there_is_not_and_let_in_when_its_network_is_named()
    {
        using var client = await server.SignedInAsync();
        var key = await MadeAsync(client, "far", "elsewhere", ("Form.Networks", "203.0.113.0/24\n2001:db8::/32"));
        Assert.Equal(401, await StatusAsync(key));

        await client.PostAsync($"/admin/keys/{key.Split('_')[2]}?handler=Change", ("Name", "here"), ("Networks", "127.0.0.0/8, ::1"), ("RateLimit", "50"));

        Assert.Equal(200, await StatusAsync(key));
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_is_made()
    {
        using var client = await server.SignedInAsync();

        var page = await (await client.PostAsync("/admin/keys/new", ("Form.Client", "nobody's"), ("Form.Name", "half-done"), ("Form.Sandbox", "true"),
            ("Form.Lives", "date"), ("Form.ExpiresAt", "2001-01-01T00:00"), ("Form.Networks", "not-a-network"))).Content.ReadAsStringAsync();

        Assert.Contains("choose at least one", page, StringComparison.Ordinal);
        Assert.Contains("neither an address nor a network", page, StringComparison.Ordinal);
        Assert.Contains("still to come", page, StringComparison.Ordinal);
        Assert.Contains("value=\"half-done\"", page, StringComparison.Ordinal);
        Assert.Contains("No such key", await client.ReadAsync("/admin/keys?q=half-done&state=all"), StringComparison.Ordinal);
    }

    private static async Task<string> MadeAsync(AdminClient client, string owner, string name, params (string, string)[] more) =>
        KeyIn(await (await client.PostAsync("/admin/keys/new", [("Form.Client", owner), ("Form.Name", name), .. Reader, .. more])).Content.ReadAsStringAsync());

    private static string KeyIn(string page) => Regex.Match(page, "nsk_(live|test)_[A-Za-z0-9]{16}_[0-9a-f]{64}").Value;

    private async Task<int> StatusAsync(string key)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return (int)(await http.GetAsync(new Uri("/v1/messages", UriKind.Relative))).StatusCode;
    }
}
