using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Channels;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// Out through Vonage, Mailchimp and a mail server, and back by what each of them tells; each is known by its account's own secret.
public sealed class VendorReceiptJourneys : IAsyncLifetime
{
    private const string PublicUrl = "https://messages.example.org";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_vendor_receipts_");
    private SimulatorHost simulator = null!; // xunit initialises before any test
    private ServerHost server = null!; // likewise

    private string Mailbox => Path.Combine(directory.FullName, "mailbox");

    public async Task InitializeAsync()
    {
        simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory.FullName }, CancellationToken.None);
        Directory.CreateDirectory(Mailbox);
        server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>(simulator.ServerConfiguration.Concat(simulator.SecondVendors))
        {
            ["Links:PublicUrl"] = PublicUrl,
            ["Channels:Bounces:Directory"] = Mailbox,
            ["Channels:Bounces:Poll"] = "00:00:00.05",
            // What is set for the vendor is another's: each account has its own.
            ["Channels:InboundSms:VonageSignatureSecret"] = "somebody-else-s",
            ["Channels:Callbacks:MailchimpKey"] = "somebody-else-s",
            ["Queue:Poll"] = "00:00:00.05",
            ["Queue:RetryBase"] = "00:00:00.05",
        });
        simulator.Callbacks.Plan = new CallbackPlan { Target = server.Address, MailchimpUrl = $"{PublicUrl}/in/mailchimp/mailchimp", MailDirectory = Mailbox };
        await server.Client.JsonAsync("PUT /v1/providers/vonage-old", $$$"""
            {"kind":"vonage","settings":{"api":"sms","sms_base_address":"{{{simulator.Urls.VonageSms}}}","api_key":"{{{simulator.Credentials.VonageApiKey}}}","from":"Simulated"},
             "secrets":{"api_secret":"{{{simulator.Credentials.VonageApiSecret}}}","signature_secret":"{{{simulator.Credentials.VonageSignatureSecret}}}"}}
            """);
        await server.Client.JsonAsync("PUT /v1/routing-rules", """
            {"rules":[{"key":"old","channels":["sms"],"categories":["account"],"accounts":["vonage-old"]},{"key":"new","channels":["sms"],"accounts":["vonage"]}]}
            """);
        await Eventually.IsTrueAsync(() => server.Services.GetRequiredService<ProviderAccounts>().Current.Rules.Count == 2);
    }

    public async Task DisposeAsync()
    {
        await simulator.Callbacks.QuietAsync();
        await server.DisposeAsync();
        await simulator.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Texts_through_both_of_Vonage_s_interfaces_arrive_or_come_back()
    {
        var longText = string.Concat(Enumerable.Repeat("All that there is to say. ", 12));
        await Until(await SmsAsync(Walk.SomePhone(), "orders"), "delivered");
        await Until(await SmsAsync(Walk.SomePhone(), "account", longText), "delivered");

        var unknown = await Until(await SmsAsync("+15005553260", "orders"), "bounced");
        var stopped = await Until(await SmsAsync("+15005553009", "account"), "bounced");

        Assert.Equal(("vonage", "vonage-old"), (Text(unknown, "provider"), Text(stopped, "provider")));
        Assert.Contains("1260", Text(unknown, "reason"), StringComparison.Ordinal);
        Assert.Equal(["hard_bounce", "stop"], await SuppressionsAsync());
        Assert.Equal(0, simulator.Callbacks.Refused);
    }

    [Fact]
    public async Task Mails_through_Mailchimp_arrive_or_come_back()
    {
        await Until(await MailAsync("mailchimp", $"{Walk.SomeId()}@example.org"), "delivered");
        await Until(await MailAsync("mailchimp", "bounce+1@sim.example"), "bounced");
        await Until(await MailAsync("mailchimp", "blocked+1@sim.example"), "bounced"); // a full mailbox: nothing follows for the address
        await Until(await MailAsync("mailchimp", "spam+1@sim.example"), "delivered");
        await simulator.Callbacks.QuietAsync();

        Assert.Equal(["complaint", "hard_bounce"], await SuppressionsAsync());
        Assert.Equal(0, simulator.Callbacks.Refused);
    }

    [Fact]
    public async Task Mails_through_a_mail_server_come_back_as_reports_and_complaints()
    {
        var bounced = await Until(await MailAsync("smtp", "bounce+2@sim.example"), "bounced");
        await Until(await MailAsync("smtp", "blocked+2@sim.example"), "bounced");
        await Until(await MailAsync("smtp", "spam+2@sim.example"), "delivered");

        Assert.Contains("5.1.1", Text(bounced, "reason"), StringComparison.Ordinal);
        Assert.Equal(["complaint", "hard_bounce"], await SuppressionsAsync());
        await Eventually.IsTrueAsync(() => Directory.GetFiles(Path.Combine(Mailbox, "done")).Length == 3); // moved when they are stored
    }

    [Fact]
    public async Task What_may_pass_is_suppressed_only_when_it_is_said_again_and_again()
    {
        await server.GivenUserAsync("switched-off", """{"email":"dropped+3@sim.example"}""");
        for (var time = 1; time <= 2; time++)
        {
            Assert.Empty(await SuppressionsAsync());
            await Until(await MailAsync("smtp", user: "switched-off"), "bounced");
        }
        Assert.Equal("suppressed", Text(await server.Client.JsonAsync($"GET /v1/messages/{await MailAsync("smtp", user: "switched-off")}"), "delivery_status"));
    }

    [Fact]
    public async Task Credentials_are_checked_by_a_call_that_sends_nothing()
    {
        foreach (var account in new[] { "vonage", "vonage-old", "apns" })
            Assert.Equal("accepted", await CheckAsync(account));

        await server.Client.JsonAsync("PUT /v1/providers/wrong", $$$"""
            {"kind":"vonage","enabled":false,"settings":{"base_address":"{{{simulator.Urls.Vonage}}}","api_key":"{{{simulator.Credentials.VonageApiKey}}}","from":"Simulated"},"secrets":{"api_secret":"not it"}}
            """);
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await server.Client.JsonAsync("PUT /v1/providers/stranger", JsonSerializer.Serialize(new
        {
            kind = "apns", enabled = false, secrets = new { private_key = other.ExportPkcs8PrivateKeyPem() },
            settings = new { base_address = simulator.Urls.Apns, key_id = simulator.Credentials.ApnsKeyId, team_id = simulator.Credentials.ApnsTeamId, topic = simulator.Credentials.ApnsTopic },
        }));
        Assert.Equal(("misconfigured", "misconfigured"), (await CheckAsync("wrong"), await CheckAsync("stranger")));
        Assert.Empty(simulator.Ledger);
    }

    private async Task<string?> CheckAsync(string account) =>
        Text((await server.Client.JsonAsync($"POST /v1/providers/{account}:test", "{}")).GetProperty("check"), "outcome");

    private async Task<string> SmsAsync(string phone, string category, string text = "Hello") => Walk.MessageOf(await server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"phone":"{{{phone}}}"}],"channels":["sms"],"category":"{{{category}}}","content":{"text":"{{{text}}}"}}"""));

    private async Task<string> MailAsync(string account, string? address = null, string? user = null) => Walk.MessageOf(await server.Client.JsonAsync("POST /v1/notifications", $$$"""
        {"to":[{"{{{(user is null ? "email" : "user_id")}}}":"{{{user ?? address}}}"}],"channels":["email"],"category":"orders",
         "content":{"subject":"Hello","text":"There"},"overrides":{"email":{"provider":"{{{account}}}"} } }
        """));

    private async Task<JsonElement> Until(string message, string status)
    {
        JsonElement seen = default;
        await Eventually.IsTrueAsync(async () => Text(seen = await server.Client.JsonAsync($"GET /v1/messages/{message}"), "delivery_status") == status, TimeSpan.FromSeconds(20));
        return seen;
    }

    private async Task<List<string?>> SuppressionsAsync() =>
        [.. (await server.Client.JsonAsync("GET /v1/suppressions")).GetProperty("data").EnumerateArray().Select(one => Text(one, "reason")).Order(StringComparer.Ordinal)];

    private static string? Text(JsonElement of, string member) => of.GetProperty(member).GetString();
}
