using System.Text.Json;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Tests.Simulator;

public sealed class LedgerTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("apns", "abcdef0123456789")]
    [InlineData("fcm", "token-of-the-ledger-test")]
    [InlineData("twilio", "+15558675399")]
    [InlineData("sendgrid", "ledger@example.com")]
    public async Task The_line_is_in_the_file_while_the_answer_is_still_to_come(string provider, string recipient)
    {
        simulator.Host.Faults.Set(provider, new Fault { Hold = true });
        var sending = simulator.SendAsync(provider, recipient);
        var entry = await simulator.Host.WaitForAsync(e => e.To == recipient, CancellationToken.None).WaitAsync(Patience);

        var lines = await LinesAsync();
        Assert.False(sending.IsCompleted);
        Assert.Contains(lines, line => line.GetProperty("id").GetString() == entry.Id);
        simulator.Host.Faults.Clear(provider);
        (await sending.WaitAsync(Patience)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Of_many_accepted_at_once_each_has_one_whole_line()
    {
        var keys = Enumerable.Range(0, 300).Select(i => $"{i:x4}abcd").ToArray();
        var answers = await Task.WhenAll(keys.Select(key => simulator.SendAsync("apns", key)));

        Assert.All(answers, answer => answer.EnsureSuccessStatusCode());
        var ids = answers.Select(a => a.Headers.GetValues("apns-id").Single()).Order();
        var lines = await LinesAsync();
        Assert.Equal(ids, lines.Where(l => keys.Contains(l.GetProperty("to").GetString())).Select(l => l.GetProperty("id").GetString()).Order());
    }

    [Fact]
    public async Task A_line_has_the_members_that_a_checker_joins_on()
    {
        (await simulator.SendAsync("sendgrid", "members@example.com")).EnsureSuccessStatusCode();
        var line = (await LinesAsync()).Last(l => l.GetProperty("to").GetString() == "members@example.com");

        Assert.Equal(["at", "provider", "id", "message_key", "to", "channel_hint", "body"], line.EnumerateObject().Select(m => m.Name));
        Assert.Equal("m-1", line.GetProperty("message_key").GetString());
        Assert.Equal(RunningSimulator.TimeOfCapture, line.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Waiting_finds_what_is_already_there_and_what_comes_later()
    {
        var later = simulator.Host.WaitForAsync(e => e.To == "feed02", CancellationToken.None);
        (await simulator.SendAsync("apns", "feed01")).EnsureSuccessStatusCode();
        await simulator.Host.WaitForAsync(e => e.To == "feed01", CancellationToken.None).WaitAsync(Patience);
        Assert.False(later.IsCompleted);

        (await simulator.SendAsync("apns", "feed02")).EnsureSuccessStatusCode();
        Assert.Equal("feed02", (await later.WaitAsync(Patience)).To);
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_told_to()
    {
        using var end = new CancellationTokenSource();
        var waiting = simulator.Host.WaitForAsync(_ => false, end.Token);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task What_could_not_be_written_is_not_accepted()
    {
        await using var full = new LedgerFile("/dev/full", flushToDisk: false, keep: 10);
        var entry = new LedgerEntry { At = RunningSimulator.TimeOfCapture, Provider = "apns", Id = "1", To = "ab", ChannelHint = "ios_push" }
            .Written("x", (json, body) => json.WriteString("body", body));

        await Assert.ThrowsAsync<IOException>(() => full.AppendAsync([entry]));
        Assert.Empty(full.Entries);
    }

    private async Task<List<JsonElement>> LinesAsync()
    {
        await using var file = new FileStream(simulator.Host.LedgerFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var lines = new List<JsonElement>();
        while (await reader.ReadLineAsync() is { } line) lines.Add(JsonElement.Parse(line));
        return lines;
    }
}
