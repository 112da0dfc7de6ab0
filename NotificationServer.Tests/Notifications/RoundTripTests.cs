using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Delivery;
using NotificationServer.Notifications;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// What a decision costs: counted where the driver sends a command.
public sealed class RoundTripTests(ServerHost server) : IClassFixture<ServerHost>
{
    private static readonly CategoryRule Offers = new("offers", MessageClass.Marketing, null);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Deciding_costs_one_round_trip_for_one_user_and_for_a_thousand(int users)
    {
        await GivenUsersAsync(1000);
        var reader = server.Services.GetRequiredService<RecipientReader>();
        var requests = Enumerable.Range(0, users).Select(Request).ToList();
        await KnownTo.ReadAsync(reader, requests, CancellationToken.None);

        List<Decision> decisions = [];
        var commands = await CountAsync(async () => decisions = Decision.OfAll(
            requests, await KnownTo.ReadAsync(reader, requests, CancellationToken.None), server.Services.GetRequiredService<ProviderRoutes>()));

        Assert.Equal(1, commands);
        Assert.Equal(users, decisions.Count(decision => decision.Messages is [{ Address: not null }]));
    }

    [Fact]
    public async Task Devices_and_what_their_tokens_must_not_be_sent_are_read_in_one_look_and_no_device_twice()
    {
        await using (var given = server.Database.Source.CreateCommand("""
            insert into users (id) values ('rt-two'), ('rt-none');
            insert into devices (user_id, id, platform, push_provider, token) values
                ('rt-two', 'a', 'ios', 'apns', 'rt-token-a'), ('rt-two', 'b', 'ios', 'apns', 'rt-token-b'), ('rt-two', 'c', 'android', 'fcm', 'rt-token-c'), ('rt-none', 'a', 'ios', 'apns', 'rt-token-d');
            insert into suppressions (channel, address, category, reason, expires_at) values
                ('push', 'rt-token-a', 'class:marketing', 'manual', null), ('push', 'rt-token-a', 'offers', 'manual', null), ('push', 'rt-token-b', '', 'manual', now() - interval '1 day')
            """)) await given.ExecuteNonQueryAsync();
        var reader = server.Services.GetRequiredService<RecipientReader>();

        var known = await reader.ReadAsync(["rt-two", "rt-none"], [], [("rt-two", Channel.IosPush), ("rt-none", Channel.IosPush)], CancellationToken.None);

        Assert.Equal(["a", "b"], known.People["rt-two"].Devices.Select(device => device.Id));
        Assert.Equal("rt-token-d", Assert.Single(known.People["rt-none"].Devices).Token);
        Assert.Equal([("push/class:marketing", "rt-token-a"), ("push/offers", "rt-token-a")], known.Suppressed.Order());
    }

    [Theory]
    [InlineData(false, 1, 1)]
    [InlineData(false, 500, 1)]
    [InlineData(true, 1, 2)]
    [InlineData(true, 500, 2)]
    public async Task The_last_look_before_a_send_costs_one_and_one_more_where_there_is_a_limit(bool limited, int users, int expected)
    {
        await GivenUsersAsync(1000);
        await using (var limit = server.Database.Source.CreateCommand("update categories set limit_count = 1000, limit_per = '1 day', limit_policy = 'drop' where key = 'offers'"))
            await limit.ExecuteNonQueryAsync();
        var gate = server.Services.GetRequiredService<Gate>();
        var category = limited ? Offers with { Limit = new ContactLimit(1000, TimeSpan.FromDays(1), LimitPolicy.Drop) } : Offers;
        var briefs = Enumerable.Range(0, users).Select(n => Brief(n, category)).ToList();
        await gate.ReadAsync(briefs, CancellationToken.None);

        Gate.Reading? reading = null;
        var commands = await CountAsync(async () => reading = await gate.ReadAsync(briefs, CancellationToken.None));

        Assert.Equal(expected, commands);
        Assert.All(briefs, brief => Assert.Equal(default, reading!.Judge(brief))); // just read
        Assert.Equal(limited ? users : 0, reading!.Tokens.Count); // just read
    }

    private async Task GivenUsersAsync(int count)
    {
        await using var users = server.Database.Source.CreateCommand(
            $"insert into users (id, email) select 'rt' || n, 'rt' || n || '@example.org' from generate_series(0, {count - 1}) n on conflict do nothing");
        await users.ExecuteNonQueryAsync();
    }

    private static PreparedRequest Request(int number)
    {
        var request = new NotificationRequest
        {
            ClientId = Guid.Empty, To = [new RecipientReference($"rt{number}", null, null, null)], Payload = new NotificationPayload { Content = new Content(Subject: "a", Text: "b") },
        };
        return new PreparedRequest(request, Offers, [Channel.Email], null, "{}");
    }

    private static Brief Brief(int number, CategoryRule category) => new(
        new Job { Id = Guid.CreateVersion7(), Channel = "email", Lane = Lane.Bulk, Attempt = 1, Failures = 0, Unknowns = 0, ClaimedAt = default, ClaimStarted = 0 },
        Channel.Email, $"rt{number}", $"rt{number}@example.org", null, null, null, false, category, null, null, new NotificationPayload())
    {
        NotificationId = Guid.CreateVersion7(),
    };

    /// The driver reports each command as an activity; ours are those under an activity of our own.
    private static async Task<int> CountAsync(Func<Task> work)
    {
        var count = 0;
        using var ours = new ActivitySource("round trips");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "round trips",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var parent = ours.StartActivity("work") ?? throw new InvalidOperationException("Nobody listens");
        listener.ActivityStopped = activity =>
        {
            if (activity.Source.Name == "Npgsql" && activity.TraceId == parent.TraceId && activity.Kind == ActivityKind.Client && !IsOpening(activity)) Interlocked.Increment(ref count);
        };
        await work();
        return count;
    }

    /// A connection more, because others had all that there were, is no command.
    private static bool IsOpening(Activity activity) => activity.DisplayName.StartsWith("CONNECT", StringComparison.OrdinalIgnoreCase);
}
