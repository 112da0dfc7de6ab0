using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Links;
using NotificationServer.Tests.Support;
using NotificationServer.Tracking.Engagement;
using NotificationServer.Tracking.Receipts;
using Npgsql;

namespace NotificationServer.Tests.Queue;

/// The queue's parts over one fresh database, and the words that its stories are told in.
public sealed class QueueFixture : IAsyncLifetime
{
    private static readonly LaneLimits Everything = new(1000, 1000, 1000, 1000, 0);

    private readonly Database database = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    internal IMeterFactory Meters => services.GetRequiredService<IMeterFactory>();
    internal NpgsqlDataSource Db => database.Source;
    internal JobClaims Claims { get; private set; } = null!; // xunit initialises before any test
    internal JobResults Results { get; private set; } = null!;
    internal Rescuer Rescuer { get; private set; } = null!;
    internal Quarantine Quarantine { get; private set; } = null!;
    internal Expirer Expirer { get; private set; } = null!;
    internal Cancellation Cancellation { get; private set; } = null!;
    internal Requeue Requeue { get; private set; } = null!;
    internal Operations Operations { get; private set; } = null!;
    internal Undo Undo { get; private set; } = null!;
    internal CountRollup Rollup { get; private set; } = null!;
    internal BalanceSweep BalanceSweep { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        var node = new NodeIdentity();
        Claims = new JobClaims(Db, node, Options.Create(new QueueOptions()), guard: null);
        Results = new JobResults(Db, node);
        Rescuer = new Rescuer(Db, Options.Create(new QueueOptions()), Meters, NullLogger<Rescuer>.Instance);
        Quarantine = new Quarantine(Db, Options.Create(new QueueOptions()), NullLogger<Quarantine>.Instance);
        Expirer = new Expirer(Db);
        Cancellation = new Cancellation(Db);
        Requeue = new Requeue(Db, new Wakeups());
        Operations = new Operations(Db);
        Undo = new Undo(Db, Operations);
        Rollup = new CountRollup(Db);
        BalanceSweep = new BalanceSweep(Db, new BalanceCheck(Db), new ChoreBook(Db, TimeProvider.System), Options.Create(new QueueOptions()), NullLogger<BalanceSweep>.Instance);
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    /// Those that a server in production is given.
    internal ServerSecrets Secrets { get; } = new(
        new ConfigurationBuilder().AddInMemoryCollection([new($"Secrets:{RecipientSecret.Name}", Convert.ToBase64String(new byte[32]))]).Build(),
        new HostingEnvironment { EnvironmentName = Environments.Production }, null!, []); // a production server keeps none in its data directory

    internal EngagementWriter Engagement { get; } = new(Options.Create(new EngagementOptions()), Options.Create(new RetentionOptions()));

    internal ReceiptBook Book => new(Db, new ReportedAddresses(new AddressHash(Secrets)), Engagement, new TrackedLinks(Secrets, new PersonalLinks(
        new SignedLinks(Secrets, TimeProvider.System), Options.Create(new PersonalLinkOptions()), null!, new HostingEnvironment { EnvironmentName = Environments.Production }))); // nobody asks it for services

    internal JobClaims ClaimsOfAnotherNode() => new(Db, new NodeIdentity(), Options.Create(new QueueOptions()), guard: null);

    internal async Task<Guid> GivenMessage(
        Channel channel = Channel.Sms, Lane lane = Lane.Transactional, DateTimeOffset? sendAt = null, DateTimeOffset? expiresAt = null)
    {
        var id = Guid.CreateVersion7();
        await GivenMessages([New(id, channel, lane, sendAt, expiresAt)]);
        return id;
    }

    internal async Task GivenMessages(IReadOnlyList<NewMessage> messages)
    {
        await using var batch = Db.CreateBatch();
        batch.BatchCommands.Add(MessageWriter.InsertCommand(messages));
        await batch.ExecuteNonQueryAsync();
    }

    internal static NewMessage New(
        Guid id, Channel channel = Channel.Sms, Lane lane = Lane.Transactional, DateTimeOffset? sendAt = null, DateTimeOffset? expiresAt = null) => new()
        {
            Id = id,
            NotificationId = Guid.CreateVersion7(),
            ClientId = Guid.CreateVersion7(),
            Channel = channel.Name(),
            Lane = lane,
            Address = "+15550100",
            CreatedAt = TimeProvider.System.GetUtcNow().AddSeconds(-1),
            SendAt = sendAt,
            ExpiresAt = expiresAt,
        };

    internal Task<IReadOnlyList<Job>> Claim(Channel channel = Channel.Sms, LaneLimits? limits = null) =>
        Claims.ClaimAsync(channel.Name(), limits ?? Everything, CancellationToken.None);

    internal async Task<Job> GivenRunning(Channel channel = Channel.Sms)
    {
        var id = await GivenMessage(channel);
        return (await Claim(channel)).Single(job => job.Id == id);
    }

    internal OperationRunner RunnerOfSomeNode() =>
        new(Db, new RetryDelay(Options.Create(new QueueOptions()), Random.Shared), TimeProvider.System, NullLogger<OperationRunner>.Instance);

    /// Refused by the provider, and waiting for a person.
    internal async Task<IReadOnlyList<Guid>> GivenDead(int count, Channel channel = Channel.Sms)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToHashSet();
        await GivenMessages([.. ids.Select(id => New(id, channel))]);
        while (ids.Count > 0)
        {
            var jobs = (await Claim(channel)).Where(job => ids.Contains(job.Id)).ToList();
            Assert.NotEmpty(jobs);
            await Write([.. jobs.Select(Failed)]);
            ids.ExceptWith(jobs.Select(job => job.Id));
        }
        return [.. await QueryAll<Guid>("select message_id from dead_letters order by message_id")];
    }

    internal async Task<IReadOnlyList<T>> QueryAll<T>(string sql, object? parameters = null)
    {
        await using var connection = await Db.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    internal Task<JobResults.Written> Write(params JobResult[] results) => Results.WriteAsync(results, CancellationToken.None);

    internal static JobResult Sent(Job job) => new() { Job = job, End = MessageStatus.Sent, Attempt = Attempt(job, "accepted") with { ProviderMessageId = "SM1" } };

    internal static JobResult Failed(Job job) => new() { Job = job, End = MessageStatus.Failed, Reason = "refused", Attempt = Attempt(job, "permanent") };

    internal static JobResult Again(Job job, TimeSpan delay = default) => new() { Job = job, Delay = delay, Counts = true, Attempt = Attempt(job, "transient") };

    private static Attempt Attempt(Job job, string outcome) =>
        new() { Provider = "twilio", Outcome = outcome, StartedAt = job.ClaimedAt, FinishedAt = job.ClaimedAt };

    internal async Task<MessageStatus> StatusOf(Guid id)
    {
        await using var connection = await Db.OpenConnectionAsync();
        var status = await connection.QuerySingleAsync<string>("select delivery_status from message_states where id = @id", new { id });
        return status == "scheduled" ? MessageStatus.Queued : Enum.Parse<MessageStatus>(status, ignoreCase: true);
    }

    internal async Task<string[]> OutcomesOf(Guid id)
    {
        await using var connection = await Db.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("select outcome from attempts where message_id = @id order by attempt", new { id })];
    }

    internal async Task<T> Query<T>(string sql, object parameters)
    {
        await using var connection = await Db.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }

    internal async Task Execute(string sql, object parameters)
    {
        await using var connection = await Db.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    /// The node that held it fell silent long ago.
    internal Task LoseLease(Guid id) => Execute("update jobs set lease_until = now() - interval '1 second' where id = @id", new { id });

    internal Task MakeDue(Guid id) => Execute("update jobs set run_at = now() where id = @id and state = 0", new { id });
}
