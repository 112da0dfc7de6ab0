using System.Text.Json;
using NotificationServer.Simulator.Faults;

namespace NotificationServer.Tests.Simulator;

public sealed class MagicRecipientTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("apns", "facade0503", 503)]
    [InlineData("apns", "facade0400ca60b604ed5d2c38", 400)]
    [InlineData("apns", "FACADE9009", 410)]
    [InlineData("apns", "facade9004", 200)]
    [InlineData("apns", "facade9008", 503)]
    [InlineData("fcm", "sim-status-503", 503)]
    [InlineData("fcm", "sim-gone:APA91b", 404)]
    [InlineData("twilio", "+15005550503", 503)]
    [InlineData("twilio", "+15005559009", 400)]
    [InlineData("twilio", "+15005550006", 201)]
    [InlineData("sendgrid", "status-503@sim.example", 503)]
    [InlineData("sendgrid", "gone+17@sim.example", 400)]
    [InlineData("sendgrid", "status-503@example.com", 202)]
    [InlineData("sendgrid", "anyone@sim.example", 202)]
    [InlineData("vonage", "+15005550503", 503)]
    [InlineData("vonage", "+15005559009", 422)]
    [InlineData("vonage", "+15005550006", 202)]
    [InlineData("vonage-sms", "+15005550503", 200)]
    [InlineData("mailchimp", "status-503@sim.example", 503)]
    [InlineData("mailchimp", "gone+17@sim.example", 200)]
    public async Task An_address_can_carry_its_own_fault(string provider, string recipient, int status)
    {
        using var response = await simulator.SendAsync(provider, recipient);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public void The_table_in_the_README_gives_four_addresses_for_each_fault_and_they_mean_the_same()
    {
        using var stream = typeof(MagicRecipient).Assembly.GetManifestResourceStream("README.md")!; // embedded for this test
        using var reader = new StreamReader(stream);
        var rows = reader.ReadToEnd().Split('\n').Where(line => line.Contains("@sim.example", StringComparison.Ordinal) && line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[2..6].Select(cell => cell.Trim('`', '…')).ToArray()).ToList();

        Assert.Equal(12, rows.Count);
        Assert.All(rows, row =>
        {
            var fault = MagicRecipient.InHexToken(row[0]);
            Assert.NotNull(fault);
            Assert.All([MagicRecipient.InPhone(row[1]), MagicRecipient.InToken(row[2]), MagicRecipient.InMail(row[3])], same => Assert.Equal(fault, same));
        });
        Assert.Equal(12, rows.Select(row => MagicRecipient.InHexToken(row[0])).Distinct().Count());
    }

    [Theory]
    [InlineData("+15005550001", 21211)]
    [InlineData("+15005550002", 21612)]
    [InlineData("+15005550003", 21408)]
    [InlineData("+15005550004", 21610)]
    [InlineData("+15005550009", 21614)]
    public async Task Twilios_own_magic_numbers_mean_what_they_mean_there(string number, int code)
    {
        using var response = await simulator.SendAsync("twilio", number);
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());

        Assert.Equal(code, body.RootElement.GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("apns", "facade1503", 503, 200)]
    [InlineData("fcm", "sim-once-500", 500, 200)]
    [InlineData("twilio", "+15005551429", 429, 201)]
    [InlineData("sendgrid", "once-503@sim.example", 503, 202)]
    public async Task Some_recover_at_the_second_try(string provider, string recipient, int first, int second)
    {
        var statuses = new List<int>();
        for (var i = 0; i < 2; i++) statuses.Add((int)(await simulator.SendAsync(provider, recipient)).StatusCode);

        Assert.Equal([first, second], statuses);
    }

    [Theory]
    [InlineData("apns", "facade2120")]
    [InlineData("fcm", "sim-throttled-120")]
    [InlineData("twilio", "+15005552120")]
    [InlineData("sendgrid", "throttled-120@sim.example")]
    public async Task Some_ask_to_wait(string provider, string recipient)
    {
        using var response = await simulator.SendAsync(provider, recipient);

        Assert.Equal((429, TimeSpan.FromSeconds(120)), ((int)response.StatusCode, response.Headers.RetryAfter?.Delta));
    }

    [Theory]
    [InlineData("apns", "facade9002")]
    [InlineData("apns", "facade9003")]
    [InlineData("fcm", "sim-truncate")]
    [InlineData("twilio", "+15005559007")]
    [InlineData("sendgrid", "reset@sim.example")]
    public async Task Some_cut_the_line(string provider, string recipient)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync(provider, recipient));
    }

    [Fact]
    public async Task Some_accept_and_then_cut_the_line()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync("apns", "facade9007ab"));

        Assert.Contains(simulator.Host.Ledger, e => e.To == "facade9007ab");
    }
}
