using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Delivery;
using NotificationServer.Queue;
using NotificationServer.Tests.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Delivery;

public sealed class RecorderTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    [Fact]
    public async Task A_result_that_cannot_be_stored_holds_up_no_other()
    {
        var (poison, other) = (await queue.GivenRunning(), await queue.GivenRunning());
        var options = Options.Create(new DeliveryOptions());
        using var way = new RightOfWay(new IntakeTraffic(TimeProvider.System), options, TimeProvider.System);
        using var recorder = new Recorder(
            queue.Results, new HeldJobs(), way, options, TimeProvider.System, NullLogger<Recorder>.Instance);
        await recorder.RecordAsync(Sent(poison, "SM\0"));
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
