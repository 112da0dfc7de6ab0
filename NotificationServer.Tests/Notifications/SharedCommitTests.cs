using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Notifications;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// Requests that come at the same time share a commit, and nothing else: what is the matter with one is no matter of the others.
public sealed class SharedCommitTests : IAsyncLifetime
{
    private static readonly Guid Client = Guid.CreateVersion7();
    private readonly ServerHost server = new("Development", new Dictionary<string, string?> { ["Roles"] = "api" });

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_double_submit_under_a_key_and_a_known_event_is_refused_twice_and_the_others_are_stored()
    {
        await StoreTogether(Mail("order-1", "It left"));

        var answers = await StoreTogether(
            Mail(null, "A stranger's"), Mail("order-1", "It arrived", "key-1"), Mail("order-1", "It arrived", "key-1"), Mail("order-2", "Another stranger's"));

        Assert.Equal([IntakeStatus.Accepted, IntakeStatus.EventIdReused, IntakeStatus.EventIdReused, IntakeStatus.Accepted], answers);
        Assert.Equal(0, await Count("select count(*) from idempotency_keys where key = 'key-1'"));
    }

    [Fact]
    public async Task Of_two_under_one_key_the_second_is_told_to_ask_again_when_the_first_is_refused_for_its_event()
    {
        await StoreTogether(Mail("order-3", "It left"));

        var answers = await StoreTogether(Mail("order-3", "It arrived", "key-3"), Mail("order-4", "It left", "key-3"), Mail("order-3", "It left", "key-3"));
        var again = await StoreTogether(Mail("order-4", "It left", "key-3"));

        Assert.Equal([IntakeStatus.EventIdReused, IntakeStatus.InProgress, IntakeStatus.Deduplicated], answers);
        Assert.Equal([IntakeStatus.Accepted], again);
    }

    [Fact]
    public async Task A_request_that_breaks_our_own_code_breaks_for_itself_alone()
    {
        var broken = Mail("order-5", "Odd") with { Key = new IdempotencyKey("key-5", _ => throw new InvalidOperationException("No words for it.")) };

        var answers = await StoreTogether(Mail(null, "One"), broken, Mail("order-6", "Two"));

        Assert.Equal([IntakeStatus.Accepted, null, IntakeStatus.Accepted], answers);
        Assert.Equal(0, await Count("select count(*) from notifications where event_id = 'order-5'"));
    }

    [Fact]
    public async Task What_is_committed_is_not_stored_again_whatever_breaks_after_it()
    {
        // Here alone: the heartbeat of the host asks, too, and such an error would end the host.
        var here = new AsyncLocal<bool> { Value = true };
        server.Services.GetRequiredService<NodeLoad>().Report("email", () => here.Value ? throw new InvalidOperationException("Nobody knows.") : new NodeLoad.Channel(0, 1));

        var answers = await StoreTogether(Mail(null, "Once"), Mail(null, "Once"));

        Assert.Equal([null, null], answers);
        Assert.Equal(2, await Count("select count(*) from notifications where payload::text like '%Once%'"));
    }

    private static NotificationRequest Mail(string? eventId, string text, string? key = null) => new()
    {
        ClientId = Client,
        EventId = eventId,
        To = [new RecipientReference(null, "ann@example.org", null, null)],
        Payload = new NotificationPayload { Content = new Content(Subject: "Hello", Text: text) },
        Key = key is null ? null : new IdempotencyKey(key, accepted => accepted.Id.ToString()),
    };

    /// By one commit: a queue that is opened when all of them wait in it. Null: it broke.
    private async Task<IntakeStatus?[]> StoreTogether(params NotificationRequest[] requests)
    {
        var all = server.Services;
        using var queue = new IntakeQueue(
            all.GetRequiredService<IntakeWriter>(), all.GetRequiredService<IntakeTraffic>(), all.GetRequiredService<IntakeMetrics>(),
            Options.Create(new IntakeOptions { Writers = 1 }), NullLogger<IntakeQueue>.Instance);
        var waiting = new List<Task<IntakeResult>>();
        foreach (var request in requests)
            waiting.Add(queue.StoreAsync((await all.GetRequiredService<Preparation>().PrepareAsync(request, CancellationToken.None)).Prepared!)); // there is nothing wrong with any

        await queue.StartAsync(CancellationToken.None);
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);
        await queue.StopAsync(CancellationToken.None);
        return [.. waiting.Select(one => one.IsCompletedSuccessfully ? one.Result.Status : (IntakeStatus?)null)];
    }

    private async Task<int> Count(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
