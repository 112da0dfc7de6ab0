using System.Text.Json;
using Microsoft.Extensions.Hosting;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Faults;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// From a request to a provider, and back by what the provider tells afterwards.
public sealed class ReceiptJourneys : IAsyncLifetime
{
    private const string PublicUrl = "https://messages.example.org";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_receipts_");
    private SimulatorHost simulator = null!; // xunit initialises before any test
    private ServerHost server = null!; // likewise

    public async Task InitializeAsync()
    {
        simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory.FullName }, CancellationToken.None);
        server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>(simulator.ServerConfiguration)
        {
            ["Links:PublicUrl"] = PublicUrl,
            ["Queue:Poll"] = "00:00:00.05",
            ["Queue:RetryBase"] = "00:00:00.05",
            ["Delivery:UnknownWait"] = "00:00:30",
        });
        GivenPlan(new CallbackPlan());
    }

    public async Task DisposeAsync()
    {
        await simulator.Callbacks.QuietAsync();
        await server.DisposeAsync();
        await simulator.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_text_and_a_mail_are_delivered_and_their_timelines_tell_it()
    {
        foreach (var message in new[] { await SmsAsync(Walk.SomePhone()), await MailAsync($"{Walk.SomeId()}@example.org") })
        {
            var seen = await Until(message, "delivered");
            Assert.NotEqual(JsonValueKind.Null, seen.GetProperty("sent_at").ValueKind);
            await simulator.Callbacks.QuietAsync();

            var told = (await server.Client.JsonAsync($"GET /v1/messages/{message}/timeline")).GetProperty("data").EnumerateArray().ToList();

            Assert.Contains("delivered", told.Where(one => one.GetProperty("type").GetString() == "receipt").Select(one => one.GetProperty("outcome").GetString()));
            Assert.Equal("delivered", told[^1].GetProperty("type").GetString());
        }
        await BalancedAsync(("delivered", 2));
    }

    [Fact]
    public async Task What_bounces_is_suppressed_and_the_next_one_is_not_sent()
    {
        foreach (var (send, address) in new (Func<string, Task<string>>, string)[] { (MailAsync, "bounce+1@sim.example"), (SmsAsync, "+15005553005") })
        {
            var bounced = await Until(await send(address), "bounced");
            Assert.Contains(address.StartsWith('+') ? "30005" : "5.1.1", bounced.GetProperty("reason").GetString(), StringComparison.Ordinal);

            var next = await server.Client.JsonAsync($"GET /v1/messages/{await send(address)}");

            Assert.Equal(("suppressed", "suppressed_address"), (next.GetProperty("delivery_status").GetString(), next.GetProperty("reason").GetString()));
        }
        // A soft one is told, and nothing follows for the address.
        await Until(await MailAsync("blocked+1@sim.example"), "bounced");
        await Until(await MailAsync("blocked+1@sim.example"), "bounced");
        await BalancedAsync(("bounced", 4), ("suppressed", 2));
    }

    [Fact]
    public async Task A_phone_that_is_not_reached_three_times_in_a_row_is_given_up()
    {
        const string phone = "+15005553003";
        await server.GivenUserAsync("away", $$"""{"phone":"{{phone}}"}""");
        async Task<string> TextAsync(string to) => Walk.MessageOf(await server.Client.JsonAsync("POST /v1/notifications",
            $$$"""{"to":[{{{to}}}],"channels":["sms"],"category":"orders","content":{"text":"Hello"}}"""));

        // Of a number without a person nothing is counted.
        await Until(await TextAsync($$"""{"phone":"{{phone}}"}"""), "failed");
        for (var time = 1; time <= 3; time++) await Until(await TextAsync("""{"user_id":"away"}"""), "failed");

        Assert.Equal("suppressed_address", (await server.Client.JsonAsync($"GET /v1/messages/{await TextAsync("""{"user_id":"away"}""")}")).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_complaint_and_an_unsubscribe_are_the_person_s_last_word()
    {
        await server.GivenUserAsync("complains", """{"email":"spam+1@sim.example"}""");
        await server.GivenUserAsync("leaves", """{"email":"unsubscribe+1@sim.example"}""");

        foreach (var (user, source, reason) in new[] { ("complains", "complaint", "complaint"), ("leaves", "provider_unsubscribe", "unsubscribed") })
        {
            await Until(await MailAsync(user: user), "delivered");
            await Eventually.IsTrueAsync(async () => (await server.Client.JsonAsync($"GET /v1/users/{user}/consents")).GetProperty("data").EnumerateArray()
                .Any(row => row.GetProperty("source").GetString() == source && !row.GetProperty("opt_in").GetBoolean()));
            Assert.Equal(reason, (await server.Client.JsonAsync("GET /v1/suppressions?reveal=true")).GetProperty("data")[0].GetProperty("reason").GetString());
            Assert.Equal("suppressed_address", (await server.Client.JsonAsync($"GET /v1/messages/{await MailAsync(user: user)}")).GetProperty("reason").GetString());
        }
    }

    [Fact]
    public async Task A_receipt_that_is_here_before_the_answer_counts_and_nothing_takes_it_back()
    {
        GivenPlan(new CallbackPlan { BeforeAnswer = true, Reversed = true, Duplicates = 2 });

        foreach (var message in new[] { await SmsAsync(Walk.SomePhone()), await MailAsync($"{Walk.SomeId()}@example.org") })
        {
            await Until(message, "delivered");
            await Eventually.IsTrueAsync(() => AttemptsAsync(message, 1));
            Assert.Equal("delivered", (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString());
            Assert.Equal(2, await server.Database.Source.CountAsync("select count(*) from receipts where message_id = @id", new { id = IdOf(message) }));
        }
        Assert.Equal(12, simulator.Callbacks.Answered);
        await BalancedAsync(("delivered", 2));
    }

    [Fact]
    public async Task What_arrived_although_its_answer_was_lost_is_not_sent_twice()
    {
        simulator.Faults.Set("twilio", new Fault { Status = 503, Code = "none", Garbage = true, Accept = true, Count = 1 });
        GivenPlan(new CallbackPlan { Delay = TimeSpan.FromMilliseconds(100), Duplicates = 1 });
        var phone = Walk.SomePhone();

        await Until(await SmsAsync(phone), "delivered");

        await simulator.Callbacks.QuietAsync();
        Assert.Single(simulator.Ledger, entry => entry.To == phone);
        Assert.Equal(0, await server.Database.Source.CountAsync("select count(*) from jobs"));
    }

    [Fact]
    public async Task What_is_not_signed_by_the_account_changes_nothing()
    {
        GivenPlan(new CallbackPlan { Loss = 1 });
        var message = await SmsAsync(Walk.SomePhone());
        await Until(message, "sent");
        var (path, fields) = ($"/in/twilio/{simulator.Credentials.TwilioAccountSid}?message_id={IdOf(message):N}", new List<KeyValuePair<string, string>> { new("MessageSid", "SM1"), new("MessageStatus", "delivered") });

        foreach (var token in new[] { "guessed", "" , simulator.Credentials.TwilioAuthToken })
        {
            using var request = new CallbackBody(CallbackBody.Form(fields), "application/x-www-form-urlencoded",
                [new("X-Twilio-Signature", CallbackSignature.Twilio(token, PublicUrl + path, fields))]).To(new Uri(server.Address, path));
            using var answer = await server.ClientFor(null).SendAsync(request);
            var isRight = token == simulator.Credentials.TwilioAuthToken;
            Assert.Equal(isRight ? 200 : 403, (int)answer.StatusCode);
            Assert.Equal(isRight ? "delivered" : "sent", (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString());
        }
    }

    /// The simulator stands outside, as providers do: it knows the public address, and a proxy leads from there to the server.
    private void GivenPlan(CallbackPlan plan) =>
        simulator.Callbacks.Plan = plan with { Target = server.Address, SendGridUrl = $"{PublicUrl}/in/sendgrid/sendgrid" };

    private async Task<string> SmsAsync(string phone) => Walk.MessageOf(await server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"phone":"{{{phone}}}"}],"channels":["sms"],"category":"orders","content":{"text":"Hello"}}"""));

    private Task<string> MailAsync(string address) => MailAsync(address, null);

    private async Task<string> MailAsync(string? address = null, string? user = null) => Walk.MessageOf(await server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"{{{(user is null ? "email" : "user_id")}}}":"{{{user ?? address}}}"}],"channels":["email"],"category":"orders","content":{"subject":"Hello","text":"There"}}"""));

    private async Task<JsonElement> Until(string message, string status)
    {
        JsonElement seen = default;
        await Eventually.IsTrueAsync(async () =>
            (seen = await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString() == status, TimeSpan.FromSeconds(20));
        return seen;
    }

    private async Task<bool> AttemptsAsync(string message, int count) =>
        await server.Database.Source.CountAsync("select count(*) from attempts where message_id = @id and outcome = 'accepted'", new { id = IdOf(message) }) == count;

    private async Task BalancedAsync(params (string Status, int Count)[] expected)
    {
        var states = (await server.Client.JsonAsync("GET /v1/ops/balance")).GetProperty("states");
        foreach (var (status, count) in expected) Assert.Equal(count, states.GetProperty(status).GetInt32());
    }

    private static Guid IdOf(string message) => Guid.ParseExact(message["msg_".Length..], "N");
}
