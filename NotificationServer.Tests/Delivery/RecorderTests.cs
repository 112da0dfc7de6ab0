using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Delivery;
using NotificationServer.Queue;
using NotificationServer.Tests.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Delivery;

public sealed class RecorderTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    public static TheoryData<string> Unstorable => ["NUL", "half a character", "longer than an index takes"];

    [Theory, MemberData(nameof(Unstorable))]
    public async Task A_result_that_cannot_be_stored_holds_up_no_other(string what)
    {
        var id = what switch
        {
            "NUL" => "SM\0",
            "half a character" => $"SM{(char)0xD83D}",
            // Of random digits: the index compresses what repeats itself.
            _ => Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20_000)),
        };
        var (poison, other) = (await queue.GivenRunning(), await queue.GivenRunning());
        var options = Options.Create(new DeliveryOptions());
        using var way = new RightOfWay(new IntakeTraffic(TimeProvider.System), options, TimeProvider.System);
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var recorder = new Recorder(
            queue.Results, new Repeats(queue.Db), new SendMetrics(meters.GetRequiredService<IMeterFactory>(), new NodeLoad()), new HeldJobs(), way, options, TimeProvider.System, NullLogger<Recorder>.Instance);
        await recorder.RecordAsync(Sent(poison, id));
        await recorder.RecordAsync(Sent(other, "SM1"));

        await recorder.StartAsync(CancellationToken.None);
        await using var connection = await queue.Db.OpenConnectionAsync();
        await Eventually.IsTrueAsync(async () => !await connection.ExecuteScalarAsync<bool>("select exists (select from jobs where id = @Id)", new { other.Id }));
        await recorder.StopAsync(CancellationToken.None);

        Assert.True(await connection.ExecuteScalarAsync<bool>("select exists (select from jobs where id = @Id)", new { poison.Id }));
    }

    private static JobResult Sent(Job job, string id) => new()
    {
        Job = job,
        End = MessageStatus.Sent,
        Attempt = new Attempt { Provider = "twilio", Outcome = "accepted", ProviderMessageId = id, StartedAt = job.ClaimedAt, FinishedAt = job.ClaimedAt },
    };
}
