using System.Net;
using System.Text.RegularExpressions;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Providers;

public sealed class ProviderPagesTests(OutsideServer server) : IClassFixture<OutsideServer>
{
    [Fact]
    public async Task An_account_is_asked_of_its_vendor_stored_changed_without_its_secret_and_removed()
    {
        using var client = await server.SignedInAsync();
        Assert.Contains("kind=sendgrid", await client.ReadAsync("/admin/new-provider"), StringComparison.Ordinal);

        var refused = await SaveAsync(client, "/admin/new-provider?kind=twilio&handler=Save", server.TwilioForm("sms-one", token: "wrong-canary"));
        Assert.Equal(200, (int)refused.StatusCode);
        var page = await refused.Content.ReadAsStringAsync();
        Assert.Contains("did not accept the credentials", page, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-canary", page, StringComparison.Ordinal);

        Assert.Equal(302, (int)(await SaveAsync(client, "/admin/new-provider?kind=twilio&handler=Save", server.TwilioForm("sms-one"))).StatusCode);
        var form = await client.ReadAsync("/admin/providers/sms-one/edit");
        Assert.DoesNotContain(server.Vendors.Credentials.TwilioAuthToken, form, StringComparison.Ordinal);
        Assert.Contains("leave this empty to keep it", form, StringComparison.Ordinal);
        var version = Regex.Match(form, "name=\"Form.Version\" value=\"(\\d+)\"").Groups[1].Value;
        var changed = server.TwilioForm("sms-one", token: "").Append(("Form.Markets", "de, ch")).Append(("Form.Version", version)).ToArray();
        Assert.Equal(302, (int)(await SaveAsync(client, "/admin/providers/sms-one/edit?handler=Save", changed)).StatusCode);
        Assert.Equal(200, (int)(await SaveAsync(client, "/admin/providers/sms-one/edit?handler=Save", changed)).StatusCode); // of a version that is over

        var shown = await client.ReadAsync("/admin/providers/sms-one");
        Assert.Contains("DE CH", shown, StringComparison.Ordinal);
        Assert.Contains("https://notify.example.org/in/twilio/sms-one", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Vendors.Credentials.TwilioAuthToken, shown, StringComparison.Ordinal);
        Assert.Contains("<strong>sms-one</strong>", await client.ReadAsync("/admin/providers?to=%2B49%20151%2012345678"), StringComparison.Ordinal);
        Assert.Contains("Nobody.", await client.ReadAsync("/admin/providers?to=%2B33612345678"), StringComparison.Ordinal);

        var removed = await client.PostAsync("/admin/providers/sms-one/edit?handler=Delete", ("version", (int.Parse(version, System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(302, (int)removed.StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync("/admin/providers/sms-one")).StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_by_the_same_rules_as_a_call()
    {
        using var client = await server.SignedInAsync();

        var page = await (await SaveAsync(client, "/admin/new-provider?kind=sendgrid&handler=Save",
            [("Form.Key", "Not a key"), ("Form.Settings[from]", "news@example.org"), ("Form.Markets", "Germany"), ("Form.Order", "x"), ("Form.Weight", "0"), ("Form.Check", "false")])).Content.ReadAsStringAsync();

        foreach (var said in new[] { "inbox, none and pinned are taken", "two capital letters of ISO 3166", "Write a whole number", "1 to 1,000" })
            Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.Contains("value=\"news@example.org\"", page, StringComparison.Ordinal);

        var missing = await (await SaveAsync(client, "/admin/new-provider?kind=sendgrid&handler=Save",
            [("Form.Key", "no-secret"), ("Form.Settings[from]", "news@example.org"), ("Form.Check", "false")])).Content.ReadAsStringAsync();
        Assert.Matches("field-wrong[\\s\\S]{0,400}Form.Secrets\\[api_key\\]|Form.Secrets\\[api_key\\][\\s\\S]{0,400}ApiKey is missing", missing);
        Assert.Equal(404, (int)(await client.GetAsync("/admin/providers/no-secret")).StatusCode);
    }

    [Fact]
    public async Task An_account_is_paused_resumed_and_tried()
    {
        using var client = await server.SignedInAsync();
        await SaveAsync(client, "/admin/new-provider?kind=twilio&handler=Save", [.. server.TwilioForm("sms-two"), ("Form.Markets", "US")]);

        await client.PostAsync("/admin/providers/sms-two?handler=Pause", ("Reason", "the invoice is wrong"), ("Until", ""));
        Assert.Contains("the invoice is wrong", await client.ReadAsync("/admin/providers/sms-two"), StringComparison.Ordinal);
        Assert.Contains("Paused", await client.ReadAsync("/admin/providers"), StringComparison.Ordinal);
        await client.PostAsync("/admin/providers/sms-two?handler=Resume");
        Assert.DoesNotContain("State</span><span class=\"figure\">Paused", await client.ReadAsync("/admin/providers/sms-two"), StringComparison.Ordinal);

        var tried = WebUtility.HtmlDecode(await (await client.PostAsync("/admin/providers/sms-two?handler=Test", ("To", "+15551234567"), ("Text", "Hello"))).Content.ReadAsStringAsync());
        Assert.Contains("Credentials: accepted", tried, StringComparison.Ordinal);
        Assert.Contains("Message: accepted", tried, StringComparison.Ordinal);
        var wrong = await (await client.PostAsync("/admin/providers/sms-two?handler=Test", ("To", "no number"))).Content.ReadAsStringAsync();
        Assert.Contains("no address for sms", wrong, StringComparison.Ordinal);

        var audit = await server.Host.Client.JsonAsync("GET /v1/audit-log?target=provider:sms-two");
        Assert.Equal("127.0.0.1", audit.GetProperty("data")[0].GetProperty("ip").GetString());
    }

    [Fact]
    public async Task Rules_are_ordered_and_saved_at_once_unless_something_is_wrong_with_one_and_can_be_undone()
    {
        using var client = await server.SignedInAsync();
        await SaveAsync(client, "/admin/new-provider?kind=twilio&handler=Save", [.. server.TwilioForm("sms-ruled"), ("Form.Markets", "CH")]);
        var before = (await server.Host.Client.JsonAsync("GET /v1/routing-rules")).GetProperty("version").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture);
        (string, string)[] two =
        [
            ("Seen", before), ("Rules[0].Key", "offers"), ("Rules[0].Channels", "sms"), ("Rules[0].Accounts", "sms-ruled"),
            ("Rules[1].Key", "codes"), ("Rules[1].Countries", "ch, li"), ("Rules[1].Categories", "security"), ("Rules[1].Accounts", "sms-ruled"),
        ];

        Assert.Contains("name=\"Rules[2].Key\"", await client.PostForTextAsync("/admin/routing", [("act", "add"), .. two]), StringComparison.Ordinal);
        var wrong = WebUtility.HtmlDecode(await client.PostForTextAsync("/admin/routing", [("act", "save"), .. two[..^1], ("Rules[1].Accounts", "nobody"), ("Rules[2].Key", "codes"), ("Rules[2].Countries", "Swiss"), ("Rules[2].Accounts", "sms-ruled")]));
        foreach (var said in new[] { "Nothing was saved", "There is no provider account of this key.", "Another rule is called so.", "Use two capital letters of ISO 3166." }) Assert.Contains(said, wrong, StringComparison.Ordinal);

        var turned = await client.PostForTextAsync("/admin/routing", [("act", "up-1"), .. two]);
        Assert.Matches("Rules\\[0\\].Key\" value=\"codes\"[\\s\\S]*Rules\\[1\\].Key\" value=\"offers\"", turned);
        var saved = await client.PostAsync("/admin/routing", [("act", "save"), .. two]);
        Assert.Equal("/admin/providers", saved.Headers.Location?.ToString());
        var rules = (await server.Host.Client.JsonAsync("GET /v1/routing-rules")).GetProperty("rules");
        Assert.Equal(["offers", "codes"], rules.EnumerateArray().Select(rule => rule.GetProperty("key").GetString()));
        Assert.Equal("""["CH","LI"]""", rules[1].GetProperty("countries").GetRawText());

        await client.UndoAsync(await client.ReadAsync("/admin/providers"));
        Assert.Equal(0, (await server.Host.Client.JsonAsync("GET /v1/routing-rules")).GetProperty("rules").GetArrayLength());
        Assert.Contains("somebody changed the rules meanwhile", await client.PostForTextAsync("/admin/routing", [("act", "save"), .. two]), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SaveAsync(AdminClient client, string path, (string Name, string Value)[] fields) => client.PostAsync(path, fields);
}
