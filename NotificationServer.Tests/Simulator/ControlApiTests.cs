using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace NotificationServer.Tests.Simulator;

public sealed class ControlApiTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    private readonly HttpClient control = new() { BaseAddress = simulator.Host.Urls.Control };

    [Fact]
    public async Task A_fault_is_put_shown_and_deleted()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync("twilio", """{"status":429,"code":20429,"retry_after":7,"count":5}""")).StatusCode);
        var struck = await simulator.SendAsync("twilio");
        var shown = JsonElement.Parse(await control.GetStringAsync(new Uri("faults", UriKind.Relative))).GetProperty("twilio");
        await control.DeleteAsync(new Uri("faults/twilio", UriKind.Relative));
        var spared = await simulator.SendAsync("twilio");

        Assert.Equal((429, "7"), ((int)struck.StatusCode, struck.Headers.NonValidated["retry-after"].ToString()));
        Assert.Equal((429, 4), (shown.GetProperty("fault").GetProperty("status").GetInt32(), shown.GetProperty("left").GetInt32()));
        Assert.Equal(HttpStatusCode.Created, spared.StatusCode);
    }

    [Theory]
    [InlineData("apns", """{"dead_token":true}""", 410)]
    [InlineData("apns", """{"garbage":true}""", 200)]
    [InlineData("apns", """{"delay_ms":1}""", 200)]
    [InlineData("apns", """{"status":500,"probability":0}""", 200)]
    [InlineData("fcm", """{"status":503,"accept":true}""", 503)]
    public async Task Every_member_reaches_the_fault(string provider, string fault, int status)
    {
        (await PutAsync(provider, fault)).EnsureSuccessStatusCode();
        using var response = await simulator.SendAsync(provider);
        await control.DeleteAsync(new Uri("faults", UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("""{"reset":true}""")]
    [InlineData("""{"reset_connection":true}""")]
    [InlineData("""{"truncate":true}""")]
    public async Task The_members_that_cut_the_line_do(string fault)
    {
        (await PutAsync("apns", fault)).EnsureSuccessStatusCode();
        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync("apns"));
        await control.DeleteAsync(new Uri("faults/apns", UriKind.Relative));
    }

    [Theory]
    [InlineData("twilio", """{"staus":500}""", 400)]
    [InlineData("twilio", """{"status":99}""", 400)]
    [InlineData("twilio", """{"probability":2}""", 400)]
    [InlineData("twilio", "nonsense", 400)]
    [InlineData("nobody", """{"status":500}""", 404)]
    public async Task A_fault_that_would_do_nothing_is_refused(string provider, string fault, int status)
    {
        Assert.Equal(status, (int)(await PutAsync(provider, fault)).StatusCode);
    }

    [Fact]
    public async Task The_ledger_is_read_by_provider_and_from_a_moment_on()
    {
        (await simulator.SendAsync("apns", "c0ffee")).EnsureSuccessStatusCode();
        (await simulator.SendAsync("twilio")).EnsureSuccessStatusCode();
        var after = Uri.EscapeDataString(RunningSimulator.TimeOfCapture.ToString("O"));
        var before = Uri.EscapeDataString((RunningSimulator.TimeOfCapture - TimeSpan.FromSeconds(1)).ToString("O"));

        var apns = await LedgerAsync($"ledger?provider=apns&since={before}");
        Assert.Contains(apns, line => line.GetProperty("to").GetString() == "c0ffee");
        Assert.All(apns, line => Assert.Equal("apns", line.GetProperty("provider").GetString()));
        Assert.Empty(await LedgerAsync($"ledger?since={after}"));
    }

    [Fact]
    public async Task The_figures_count_calls_accepts_and_statuses()
    {
        async Task<(long Calls, long Accepted, long Created)> FiguresAsync()
        {
            var twilio = JsonElement.Parse(await control.GetStringAsync(new Uri("stats", UriKind.Relative))).GetProperty("twilio");
            return (twilio.GetProperty("calls").GetInt64(), twilio.GetProperty("accepted").GetInt64(),
                twilio.GetProperty("by_status").TryGetProperty("201", out var created) ? created.GetInt64() : 0);
        }

        var before = await FiguresAsync();
        await simulator.SendAsync("twilio");
        await simulator.SendAsync("twilio", "not a number");
        var after = await FiguresAsync();

        Assert.Equal((before.Calls + 2, before.Accepted + 1, before.Created + 1), after);
    }

    private Task<HttpResponseMessage> PutAsync(string provider, string fault) =>
        control.PutAsync(new Uri($"faults/{provider}", UriKind.Relative), new StringContent(fault, new MediaTypeHeaderValue("application/json")));

    private async Task<List<JsonElement>> LedgerAsync(string query) =>
        [.. JsonElement.Parse(await control.GetStringAsync(new Uri(query, UriKind.Relative))).EnumerateArray()];
}
