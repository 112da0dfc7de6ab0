using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// A mail on its way through scanners, prefetchers and people, and what is made of it.
public sealed partial class TrackingJourneys(TrackingJourneys.Fixture fixture) : IClassFixture<TrackingJourneys.Fixture>
{
    private const string Browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36";
    private const string Apple = "Mozilla/5.0";
    private const string Html = """<html><body><p>Hello</p><a href="https://shop.example/a?x=1&amp;y=2">A</a> <a href="https://shop.example/b">B</a> <a data-track="off" href="https://shop.example/private">C</a></body></html>""";
    private const string MailchimpKey = "mailchimp-webhook-key";

    private ServerHost Server => fixture.Server;

    [Fact]
    public async Task A_person_opens_a_mail_and_follows_a_link_to_where_it_said_and_the_message_tells_it()
    {
        var (message, mail) = await MailAsync("offers");
        Assert.Matches("""<a data-track="off" href="https://shop.example/private">.*<img src="[^"]+/o/[^"]+\.gif"[^>]*></body></html>$""", mail.Html);

        using (var pixel = await GetAsync(Pixel(mail), Browser))
        {
            Assert.Equal((HttpStatusCode.OK, "image/gif"), (pixel.StatusCode, pixel.Content.Headers.ContentType?.MediaType));
            Assert.True(pixel.Headers.CacheControl?.NoStore);
            Assert.StartsWith("GIF89a", Encoding.ASCII.GetString(await pixel.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
        }
        using (var followed = await GetAsync(Links(mail)[0], Browser))
        {
            Assert.Equal((HttpStatusCode.Found, "https://shop.example/a?x=1&y=2"), (followed.StatusCode, followed.Headers.Location?.OriginalString));
            Assert.True(followed.Headers.CacheControl?.NoStore);
            Assert.Equal("no-referrer", followed.Headers.GetValues("Referrer-Policy").Single());
        }

        var engagement = await EngagementAsync(message, "clicked", "human");
        Assert.Contains(engagement, one => Says(one, "opened", "human", null) && one.GetProperty("sources").ToString() == """["click","own"]""");
        Assert.Contains(engagement, one => Says(one, "clicked", "human", "https://shop.example/a?x=1&y=2") && one.GetProperty("count").GetInt32() == 1);
        var told = (await Server.Client.JsonAsync($"GET /v1/messages/{message}/timeline")).GetProperty("data").EnumerateArray().Select(one => one.GetProperty("type").GetString()).ToList();
        Assert.Contains("opened", told);
        Assert.Contains("clicked", told);
        Assert.Equal(0, await Server.Database.Source.CountAsync("select count(*) from information_schema.columns where table_name = 'engagements' and (column_name like '%ip%' or column_name like '%agent%')"));
    }

    [Fact]
    public async Task Apple_s_prefetch_and_a_scanner_that_follows_everything_are_machines_until_a_person_follows_a_link()
    {
        var (message, mail) = await MailAsync("offers");
        using (await GetAsync(Pixel(mail), Apple))
        using (await GetAsync(Links(mail)[0], Browser))
        using (await GetAsync(Links(mail)[1], Browser)) // it says it is a browser, as most do
        {
        }

        await EngagementAsync(message, "clicked", "machine");
        Assert.Equal(["machine"], (await EngagementAsync(message, "opened", "machine")).Select(one => one.GetProperty("by").GetString()).Distinct());

        // What is a burst is a matter of time: one who comes back to a link for long enough is a person.
        await Eventually.IsTrueAsync(async () =>
        {
            using var again = await GetAsync(Links(mail)[1], Browser);
            return await EngagedAsync(message, "clicked") == "human";
        });
        var engagement = await EngagementAsync(message, "clicked", "human");
        Assert.Contains(engagement, one => Says(one, "opened", "human", null));
        Assert.Equal(("human", "human"), (await EngagedAsync(message, "opened"), await EngagedAsync(message, "clicked")));
    }

    [Fact]
    public async Task HEAD_counts_nothing_and_what_is_fetched_ahead_is_a_machine_s()
    {
        var (message, mail) = await MailAsync("offers");
        foreach (var url in new[] { Links(mail)[0], Pixel(mail) })
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, url);
            head.Headers.UserAgent.ParseAdd(Browser);
            using var looked = await Server.ClientFor(null).SendAsync(head);
            Assert.Contains(looked.StatusCode, new[] { HttpStatusCode.Found, HttpStatusCode.OK });
        }
        using (await GetAsync(Links(mail)[0], Browser, ("Sec-Purpose", "prefetch;prerender")))
        {
        }

        var engagement = await EngagementAsync(message, "clicked", "machine");

        Assert.Single(engagement);
    }

    [Fact]
    [Bar("S33", "B59")]
    public async Task B59_a_link_that_was_changed_leads_nowhere_and_a_pixel_is_a_picture_whatever_it_is_asked_for()
    {
        var (_, mail) = await MailAsync("offers");
        var link = Links(mail)[0];
        var changed = link[..^4] + (link[^4] == 'A' ? 'B' : 'A') + link[^3..];
        foreach (var url in new[] { changed, link[..^8], link + "AAAA", $"{Server.Address}c/https%3A%2F%2Fevil.example", $"{Server.Address}c/" + Convert.ToBase64String("https://evil.example"u8).TrimEnd('=') })
        {
            using var answer = await GetAsync(url, Browser);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Null(answer.Headers.Location);
            Assert.Contains("This link does not work", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var pixel = await GetAsync($"{Server.Address}o/none-of-ours.gif", Browser);
        Assert.Equal((HttpStatusCode.OK, "image/gif"), (pixel.StatusCode, pixel.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task What_the_message_is_about_and_its_template_decide_whether_it_is_tracked_and_ways_out_never_are()
    {
        await Server.Client.JsonAsync("POST /v1/templates", """{"key":"code","name":"Code","category":"security","channels":{"email":{"subject":"Code","html":"<a href=\"https://shop.example/a\">{{code}}</a>"}}}""");
        await Server.Client.JsonAsync("POST /v1/templates", """{"key":"quiet","name":"Quiet","category":"offers","channels":{"email":{"subject":"News","html":"<a href=\"https://shop.example/a\">A</a><a href=\"{{unsubscribe_url}}\">out</a>","text":"{{preferences_url}} https://shop.example/t."}}}""");

        Assert.DoesNotContain("/c/", (await SendAsync("""{"template":"code","data":{"code":"123"}}""")).Mail.Html, StringComparison.Ordinal);
        var loud = (await SendAsync("""{"template":"quiet"}""")).Mail;
        Assert.Matches("""^<a href="[^"]+/c/[^"]+">A</a><a href="[^"]+/u/[^"]+">out</a><img """, loud.Html);
        Assert.Matches(@"^http\S+/p/\S+ http\S+/c/\S+\.$", loud.Text);

        await Server.Client.JsonAsync("PATCH /v1/templates/quiet", """{"tracking":{"opens":false,"clicks":false}}""");
        var patched = await Server.Client.JsonAsync("PATCH /v1/templates/code", """{"tracking":{"clicks":true}}""");
        Assert.Equal("""{"opens":null,"clicks":true}""", patched.GetProperty("tracking").ToString());
        Assert.DoesNotMatch("/[co]/", (await SendAsync("""{"template":"quiet"}""")).Mail.Html);
        var code = (await SendAsync("""{"template":"code","data":{"code":"123"}}""")).Mail.Html;
        Assert.Contains("/c/", code, StringComparison.Ordinal);
        Assert.DoesNotContain("/o/", code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_s_link_is_short_on_its_own_host_and_leads_on()
    {
        var phone = Walk.SomePhone();
        var message = Walk.MessageOf(await Server.Client.JsonAsync("POST /v1/notifications",
            $$$"""{"to":[{"phone":"{{{phone}}}"}],"channels":["sms"],"category":"orders","content":{"text":"Your order: https://shop.example/orders/1?code=secret."}}"""));
        var text = await ArrivedAsync("text", phone);
        var link = ShortLink().Match(text);
        Assert.True(link.Success, text);

        foreach (var (path, status) in new[] { (link.Groups[1].Value, HttpStatusCode.Found), ("/AAAAAAAAAAA", HttpStatusCode.NotFound), ("/x", HttpStatusCode.NotFound) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Address, path)) { Headers = { Host = "go.example.org" } };
            request.Headers.UserAgent.ParseAdd(Browser);
            using var answer = await Server.ClientFor(null).SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(status == HttpStatusCode.Found ? "https://shop.example/orders/1?code=secret" : null, answer.Headers.Location?.OriginalString);
        }
        Assert.Contains(await EngagementAsync(message, "clicked", "human"), one => Says(one, "clicked", "human", "https://shop.example/orders/1?code=secret"));
    }

    [Fact]
    public async Task What_providers_tell_and_what_we_saw_ourselves_is_one_thing_that_happened()
    {
        var (message, mail) = await MailAsync("offers");
        var id = message["msg_".Length..];
        using (await GetAsync(Pixel(mail), Browser))
        using (await GetAsync(Links(mail)[0], Browser))
        {
        }
        await EngagementAsync(message, "clicked", "human");

        await SendGridAsync($$"""
            [{"event":"open","timestamp":1700000000,"sg_event_id":"{{id}}o1","message_id":"{{id}}","useragent":"{{Browser}}","sg_machine_open":false,"ip":"192.0.2.1"},
             {"event":"open","timestamp":1700000001,"sg_event_id":"{{id}}o2","message_id":"{{id}}","useragent":"{{Browser}}","sg_machine_open":true},
             {"event":"click","timestamp":1700000002,"sg_event_id":"{{id}}c1","message_id":"{{id}}","useragent":"{{Browser}}","url":"{{Links(mail)[0]}}"},
             {"event":"spamreport","timestamp":1700000003,"sg_event_id":"{{id}}s1","message_id":"{{id}}"}]
            """);
        await MailchimpAsync($$$$"""[{"event":"open","_id":"{{{{id}}}}","ts":1700000004,"user_agent":"Mozilla/5.0","msg":{"metadata":{"message_id":"{{{{id}}}}"}}},{"event":"unsub","_id":"{{{{id}}}}","ts":1700000005,"msg":{"metadata":{"message_id":"{{{{id}}}}"}}}]""");

        var engagement = await EngagementAsync(message, "unsubscribed", "human");
        var opened = engagement.Single(one => Says(one, "opened", "human", null));
        Assert.Equal((1, """["click","own","sendgrid"]"""), (opened.GetProperty("count").GetInt32(), opened.GetProperty("sources").ToString()));
        Assert.Equal("""["mailchimp","sendgrid"]""", engagement.Single(one => Says(one, "opened", "machine", null)).GetProperty("sources").ToString());
        Assert.Equal("""["own","sendgrid"]""", engagement.Single(one => Says(one, "clicked", "human", "https://shop.example/a?x=1&y=2")).GetProperty("sources").ToString());
        Assert.Contains(engagement, one => Says(one, "complained", "human", null));
        Assert.Equal("human", await EngagedAsync(message, "opened"));
    }

    [Fact]
    public async Task The_day_s_figures_of_a_template_count_people_once_and_one_click_goodbyes_and_belong_to_their_client()
    {
        await Server.Client.JsonAsync("POST /v1/templates", """{"key":"figures","name":"News","category":"offers","channels":{"email":{"subject":"News","html":"<a href=\"https://shop.example/a\">A</a> <a href=\"{{unsubscribe_url}}\">out</a>","text":"{{unsubscribe_url}}"}}}""");
        var mails = new List<(string Message, (string Html, string Text) Mail)>();
        for (var i = 0; i < 3; i++) mails.Add(await SendAsync("""{"template":"figures"}"""));
        using (await GetAsync(Pixel(mails[0].Mail), Apple))
        using (await GetAsync(Pixel(mails[1].Mail), Browser))
        using (await GetAsync(Pixel(mails[1].Mail), Browser))
        using (await GetAsync(Links(mails[1].Mail)[0], Browser))
        {
        }
        var way = (await Server.Database.Source.AskAsync<string>("select payload -> 'headers' ->> 'List-Unsubscribe' from inbox where message_id = @id", new { id = Guid.ParseExact(mails[2].Message[4..], "N") }))!.Trim('<', '>'); // a marketing mail has one
        using (var said = await Server.ClientFor(null).PostAsync(new Uri(way), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")])))
            Assert.True(said.IsSuccessStatusCode);
        await EngagementAsync(mails[1].Message, "clicked", "human");
        await EngagementAsync(mails[2].Message, "unsubscribed", "human");

        var stats = await Server.Client.JsonAsync("GET /v1/stats?template=figures&group_by=day,template,channel");

        var row = Assert.Single(stats.GetProperty("data").EnumerateArray());
        int Of(string name) => row.GetProperty(name).GetInt32();
        Assert.Equal((3, 3, 3, 0), (Of("accepted"), Of("sent"), Of("unconfirmed"), Of("waiting")));
        Assert.Equal((1, 1, 1, 0, 1, 0), (Of("opened_human"), Of("opened_machine"), Of("clicked_human"), Of("clicked_machine"), Of("unsubscribed"), Of("complained")));
        Assert.Equal(("email", 1.0), (row.GetProperty("channel").GetString(), row.GetProperty("rates").GetProperty("click_to_open").GetDouble()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("rates").GetProperty("open").ValueKind); // nobody tells what the inbox delivered
        using var other = Server.ClientFor(await Server.KeyAsync(client: "another"));
        Assert.Empty((await other.JsonAsync("GET /v1/stats?template=figures")).GetProperty("data").EnumerateArray());
        foreach (var bad in new[] { "from=yesterday", "from=2026-02-30", "from=2026-03-02&to=2026-03-01", "from=2001-01-01", "group_by=weather" })
            await Server.Client.RefusesAsync($"GET /v1/stats?{bad}", null, 400, "invalid_parameter");
    }

    [Fact]
    public async Task What_an_erased_person_did_is_forgotten_and_what_they_still_do_is_nobody_s_business()
    {
        await Server.GivenUserAsync("forgets", """{"email":"forgets@example.org"}""");
        var (message, mail) = await MailAsync("offers", """{"user_id":"forgets"}""", "forgets@example.org");
        using (await GetAsync(Links(mail)[0], Browser))
        {
        }
        await EngagementAsync(message, "clicked", "human");
        Assert.Contains("shop.example", (await Server.Client.JsonAsync("GET /v1/users/forgets/export")).GetProperty("messages")[0].GetProperty("engagement").ToString(), StringComparison.Ordinal);

        await Server.Client.JsonAsync("POST /v1/users/forgets:erase", """{"reason":"asked"}""");
        using (var still = await GetAsync(Links(mail)[0], Browser))
            Assert.Equal("https://shop.example/a?x=1&y=2", still.Headers.Location?.OriginalString);

        Assert.Equal(0, await Server.Database.Source.CountAsync("select (select count(*) from engagements where message_id = @id) + (select count(*) from engaged where message_id = @id)",
            new { id = Guid.ParseExact(message[4..], "N") }));
    }

    private static bool Says(JsonElement one, string type, string by, string? url) =>
        (one.GetProperty("type").GetString(), one.GetProperty("by").GetString(), one.GetProperty("url").GetString()) == (type, by, url);

    /// Waits until it is there.
    private async Task<List<JsonElement>> EngagementAsync(string message, string type, string by)
    {
        List<JsonElement> seen = [];
        await Eventually.IsTrueAsync(async () => (seen = [.. (await Server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("engagement").EnumerateArray()])
            .Exists(one => one.GetProperty("type").GetString() == type && one.GetProperty("by").GetString() == by));
        return seen;
    }

    private Task<string?> EngagedAsync(string message, string kind) =>
        Server.Database.Source.AskAsync<string>("select by_whom from engaged where message_id = @id and kind = @kind", new { id = Guid.ParseExact(message[4..], "N"), kind });

    private Task<(string Message, (string Html, string Text) Mail)> MailAsync(string category, string? to = null, string? address = null) =>
        SendAsync(JsonSerializer.Serialize(new Dictionary<string, object> { ["channels"] = new[] { "email" }, ["category"] = category, ["content"] = new Dictionary<string, string> { ["subject"] = "Hello", ["html"] = Html } }), to, address);

    private async Task<(string Message, (string Html, string Text) Mail)> SendAsync(string request, string? to = null, string? address = null)
    {
        address ??= $"{Walk.SomeId()}@example.org";
        var body = "{\"to\":[" + (to ?? Email(address)) + "]," + request[1..];
        var message = Walk.MessageOf(await Server.Client.JsonAsync("POST /v1/notifications", body));
        await ArrivedAsync("subject", address);
        await Eventually.IsTrueAsync(async () => (await Server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString() == "sent");
        var of = new { address };
        return (message, (await Server.Database.Source.AskAsync<string>("select html from inbox where address = @address", of) ?? "", await Server.Database.Source.AskAsync<string>("select text from inbox where address = @address", of) ?? ""));
    }

    private async Task<string> ArrivedAsync(string part, string address)
    {
        string? text = null;
        await Eventually.IsTrueAsync(async () => (text = await Server.Database.Source.AskAsync<string>(part == "text" ? "select text from inbox where address = @address" : "select subject from inbox where address = @address", new { address })) is not null);
        return text!; // waited for
    }

    private static string Email(string address) => JsonSerializer.Serialize(new Dictionary<string, string> { ["email"] = address });

    private static List<string> Links((string Html, string Text) mail) => [.. TrackedLink().Matches(mail.Html).Select(found => found.Groups[1].Value)];

    private static string Pixel((string Html, string Text) mail) => PixelLink().Match(mail.Html).Groups[1].Value;

    private async Task<HttpResponseMessage> GetAsync(string url, string agent, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Server.ClientFor(null).SendAsync(request);
    }

    private async Task SendGridAsync(string events)
    {
        var body = Encoding.UTF8.GetBytes(events);
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/in/sendgrid/sendgrid") { Content = content };
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", CallbackSignature.SendGrid(fixture.Key, time, body));
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", time);
        using var answer = await Server.ClientFor(null).SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task MailchimpAsync(string events)
    {
        List<KeyValuePair<string, string>> fields = [new("mandrill_events", events)];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/in/mailchimp/mailchimp") { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("X-Mandrill-Signature", CallbackSignature.Mailchimp(MailchimpKey, $"{Server.Address}in/mailchimp/mailchimp", fields));
        using var answer = await Server.ClientFor(null).SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [GeneratedRegex("""href="([^"]+/c/[^"]+)">""")]
    private static partial Regex TrackedLink();

    [GeneratedRegex("""<img src="([^"]+)" """)]
    private static partial Regex PixelLink();

    [GeneratedRegex(@"^Your order: https://go\.example\.org(/[0-9A-Za-z]{11})\.$")]
    private static partial Regex ShortLink();

    public sealed class Fixture : IAsyncLifetime
    {
        internal ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ServerHost Server { get; private set; } = null!; // xunit initialises before any test

        public async Task InitializeAsync() => Server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Queue:Poll"] = "00:00:00.05",
            ["Tracking:Opens"] = "true",
            ["Tracking:Clicks"] = "true",
            ["Tracking:ShortHost"] = "https://go.example.org",
            ["Tracking:SwitchesMaxAge"] = "00:00:00",
            ["Engagement:Every"] = "00:00:00.02",
            ["Engagement:Burst"] = "00:00:02",
            ["Engagement:TooSoon"] = "00:00:00",
            ["Channels:Callbacks:SendGridPublicKey"] = Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo()),
            ["Channels:Callbacks:MailchimpKey"] = MailchimpKey,
        });

        public async Task DisposeAsync()
        {
            await ((IAsyncDisposable)Server).DisposeAsync();
            Key.Dispose();
        }
    }
}
