using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// What one node is told holds on all of them.
public sealed class PauseJourneys : IAsyncLifetime
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private ServerHost one = null!; // xunit initialises before any test
    private ServerHost two = null!;

    public async Task InitializeAsync()
    {
        // Quicker than in production, where it is a second of the two that are promised: this machine may be busy.
        var settings = new Dictionary<string, string?> { ["Queue:SwitchPoll"] = "00:00:00.2" };
        one = await ServerHost.StartAsync(Environments.Development, settings);
        two = await ServerHost.StartAsync(Environments.Development, settings, one.Database);
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)two).DisposeAsync();
        await ((IAsyncLifetime)one).DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/ops/queues/email", "ops")]
    [InlineData("/v1/providers/inbox", "provider")]
    public async Task A_pause_stops_every_node_within_two_seconds_and_a_resume_lets_them_go(string what, string name)
    {
        await Call(one, $"{what}:pause", new { reason = "outage" });
        var since = Stopwatch.GetTimestamp();
        var other = two.Services.GetRequiredService<Switches>();
        await Eventually.IsTrueAsync(() => other.Held.Count == 1);
        Assert.True(Stopwatch.GetElapsedTime(since) < Promise, "the other node heard of it too late");

        var message = await Send(two, $"{name}@example.org");
        // Both nodes have looked for work since: what may be claimed at all would have been.
        var sms = await Send(two, null);
        if (name == "ops") await Until(sms, "sent");
        await Eventually.IsTrueAsync(() => Stopwatch.GetElapsedTime(since) > Promise);
        Assert.Equal((0, "queued"), await StateOf(message));

        await Call(two, $"{what}:resume", new { reason = "over" });
        since = Stopwatch.GetTimestamp();
        await Until(message, "sent");
        Assert.True(Stopwatch.GetElapsedTime(since) < Promise * 2, "it went on too late");
    }

    [Fact]
    public async Task A_pause_with_an_end_ends_by_itself()
    {
        var until = TimeProvider.System.GetUtcNow().AddSeconds(8);
        await Call(one, "/v1/ops/queues/email:pause", new { reason = "a moment", until });
        await Eventually.IsTrueAsync(() => two.Services.GetRequiredService<Switches>().Held.Count == 1);
        var message = await Send(one, "until@example.org");

        await Until(message, "sent");
        await using var connection = await one.Database.Source.OpenConnectionAsync();
        Assert.True(await connection.ExecuteScalarAsync<bool>(
            "select min(started_at) >= @until from attempts where message_id = @message", new { until, message }));
    }

    private static async Task<JsonElement> Call(ServerHost server, string path, object body)
    {
        using var response = await server.Client.PostAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<Guid> Send(ServerHost server, string? email)
    {
        object to = email is null ? new { phone = Walk.SomePhone() } : new { email };
        var accepted = await Call(server, "/v1/notifications", new
        {
            to = new[] { to },
            channels = new[] { email is null ? "sms" : "email" },
            content = new { subject = "Hello", text = "There" },
        });
        return Guid.ParseExact(Walk.MessageOf(accepted)[4..], "N");
    }

    private Task Until(Guid message, string status) => Eventually.IsTrueAsync(async () => (await StateOf(message)).Status == status);

    private async Task<(int Attempt, string Status)> StateOf(Guid message)
    {
        await using var connection = await one.Database.Source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(int, string)>("""
            select coalesce((select j.attempt from jobs j where j.id = m.id), 0), m.delivery_status from message_states m where m.id = @message
            """, new { message });
    }
}
