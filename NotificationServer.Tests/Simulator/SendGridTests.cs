using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace NotificationServer.Tests.Simulator;

public sealed class SendGridTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("sendgrid-single")]
    [InlineData("sendgrid-dynamic-template")]
    public async Task What_the_SDK_sends_is_accepted_with_an_empty_202_and_an_id(string vector)
    {
        using var response = await simulator.Http.SendAsync(ProviderVector.Load(vector).Request(simulator.Host.Urls.SendGrid));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        var id = Assert.Single(response.Headers.GetValues("X-Message-Id"));
        Assert.Equal("ann@example.com", simulator.Host.Ledger.Single(e => e.Id == id).To);
    }

    [Fact]
    public async Task Each_envelope_of_one_request_has_its_own_line_and_key()
    {
        var later = new RunningSimulator { Clock = new(DateTimeOffset.FromUnixTimeSeconds(1900000000 - 3600)) };
        await later.InitializeAsync();
        using var response = await later.Http.SendAsync(ProviderVector.Load("sendgrid-personalizations").Request(later.Host.Urls.SendGrid));
        var lines = later.Host.Ledger;
        await later.DisposeAsync();

        var id = Assert.Single(response.Headers.GetValues("X-Message-Id"));
        Assert.Equal([(id, "m-2", "a@example.com"), (id, "m-3", "b@example.com, c@example.com")], lines.Select(e => (e.Id, e.MessageKey, e.To)));
    }

    [Fact]
    public async Task A_schedule_more_than_three_days_ahead_is_refused()
    {
        using var response = await simulator.Http.SendAsync(ProviderVector.Load("sendgrid-personalizations").Request(simulator.Host.Urls.SendGrid));

        await AssertRefusedAsync(response, 400, "personalizations.0.send_at");
    }

    [Fact]
    public async Task Sandbox_mode_answers_200_and_sends_nothing()
    {
        var before = simulator.Host.Ledger.Count;
        using var response = await simulator.Http.SendAsync(ProviderVector.Load("sendgrid-sandbox-attachment").Request(simulator.Host.Urls.SendGrid));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(before, simulator.Host.Ledger.Count);
    }

    [Theory]
    [InlineData("Authorization", "Bearer SG.other", 401)]
    [InlineData("Accept", null, 406)]
    public async Task A_wrong_header_is_refused(string header, string? value, int status)
    {
        var request = await simulator.GoodRequestAsync("sendgrid");
        request.Headers.Remove(header);
        if (value is not null) request.Headers.TryAddWithoutValidation(header, value);

        await AssertRefusedAsync(await simulator.Http.SendAsync(request), status, null);
    }

    [Theory]
    [InlineData("""{"subject":"s","personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/plain","value":"t"}]}""", 400, "from.email")]
    [InlineData("""{"from":{"email":"x@elsewhere.example"},"subject":"s","personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/plain","value":"t"}]}""", 403, "from")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[],"content":[{"type":"text/plain","value":"t"}]}""", 400, "personalizations")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[]}],"content":[{"type":"text/plain","value":"t"}]}""", 400, "personalizations.0.to")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"nobody"}]}],"content":[{"type":"text/plain","value":"t"}]}""", 400, "personalizations.0.to.0.email")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"a@b.example"},{"email":"A@b.example"}]}],"content":[{"type":"text/plain","value":"t"}]}""", 400, "personalizations.0")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/plain","value":"t"}]}""", 400, "subject")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"a@b.example"}]}]}""", 400, "content")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/html","value":"t"},{"type":"text/plain","value":"t"}]}""", 400, "content")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/plain","value":"t"}],"headers":{"Subject":"x"}}""", 400, "headers.Subject")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/plain","value":"t"}],"custom_arg":{}}""", 400, "custom_arg")]
    public async Task A_wrong_mail_is_refused_at_its_field(string body, int status, string field)
    {
        var request = await simulator.GoodRequestAsync("sendgrid");
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        await AssertRefusedAsync(await simulator.Http.SendAsync(request), status, field);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"\ud800","personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/plain","value":"t"}]}""")]
    [InlineData("""{"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"a@b.example"}]}],"content":[{"type":"text/plain","value":"t"}],"mail_settings":"x"}""")]
    public async Task What_is_no_mail_at_all_is_a_bad_request(string body)
    {
        var request = await simulator.GoodRequestAsync("sendgrid");
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        await AssertRefusedAsync(await simulator.Http.SendAsync(request), 400, null);
    }

    [Fact]
    public async Task More_than_30_MB_is_too_large()
    {
        var request = await simulator.GoodRequestAsync("sendgrid");
        request.Version = HttpVersion.Version20;
        request.Content = new ByteArrayContent(new byte[(30 * 1024 * 1024) + 1]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        await AssertRefusedAsync(await simulator.Http.SendAsync(request), 413, null);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, int status, string? field)
    {
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var error = body.RootElement.GetProperty("errors")[0];
        Assert.Equal((status, field), ((int)response.StatusCode, error.GetProperty("field").GetString()));
        Assert.NotEqual("", error.GetProperty("message").GetString());
    }
}
