using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class MessageMovesTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    private static readonly MessageStatus[] Statuses = Enum.GetValues<MessageStatus>();

    /// Everything that the code can do to a message, whatever state it is in.
    private static readonly Dictionary<string, Func<QueueFixture, Job, Task>> Moves = new()
    {
        ["claim"] = async (q, _) => await q.Claim(),
        ["release"] = async (q, job) => await q.Claims.ReleaseAsync([job], CancellationToken.None),
        ["sent"] = async (q, job) => await q.Write(QueueFixture.Sent(job)),
        ["failed"] = async (q, job) => await q.Write(QueueFixture.Failed(job)),
        ["suppressed"] = async (q, job) => await q.Write(new JobResult { Job = job, End = MessageStatus.Suppressed, Reason = "blocked" }),
        ["expired"] = async (q, job) => await q.Write(new JobResult { Job = job, End = MessageStatus.Expired, Reason = "late" }),
        ["again"] = async (q, job) => await q.Write(QueueFixture.Again(job)),
        ["rescue"] = async (q, job) =>
        {
            await q.Execute("update jobs set lease_until = now() - interval '1 second' where id = @Id and state = 1", new { job.Id });
            await q.Rescuer.RunOnceAsync(CancellationToken.None);
        },
        ["expire"] = async (q, job) =>
        {
            await q.Execute("update jobs set expires_at = now() - interval '1 second' where id = @Id", new { job.Id });
            await q.Expirer.RunOnceAsync(CancellationToken.None);
        },
        ["requeue"] = async (q, job) => await q.Requeue.RequeueAsync(job.Id, "repaired", "test", null, CancellationToken.None),
        ["told sent"] = (q, job) => Tell(q, job, "sent"),
        ["told delivered"] = (q, job) => Tell(q, job, "delivered"),
        ["told bounced"] = (q, job) => Tell(q, job, "bounced"),
        ["told failed"] = (q, job) => Tell(q, job, "failed"),
        ["cancel by an operator"] = async (q, job) => await q.Cancellation.CancelAsync(job.Id, "why", "test", CancellationToken.None),
        ["cancel"] = async (q, job) => await q.Cancellation.CancelAsync([job.Id], CancellationToken.None),
    };

    [Fact]
    public async Task The_moves_in_SQL_are_exactly_the_moves_in_the_table()
    {
        var seen = new HashSet<(MessageStatus, MessageStatus)>();
        foreach (var move in Moves.Values)
        {
            foreach (var from in Statuses)
            {
                var job = await Given(from);
                await move(queue, job);
                var to = await queue.StatusOf(job.Id);
                if (to != from) seen.Add((from, to));
            }
        }

        var allowed = from a in Statuses from b in Statuses where MessageMoves.Allows(a, b) select (a, b);
        Assert.Equal(allowed.Order(), seen.Order());
    }

    private static async Task Tell(QueueFixture queue, Job job, string status)
    {
        await using var connection = await queue.Db.OpenConnectionAsync();
        await ReceiptWriter.WriteAsync(connection, new ReceiptWriter.Source("twilio", "twilio", "sms"),
            [new NewReceipt { MessageId = job.Id, Key = Guid.CreateVersion7(), Event = status, Kind = status, Class = "ok", Status = status, Reason = "told", At = TimeProvider.System.GetUtcNow() }],
            CancellationToken.None);
    }

    /// A message in a state, with the last claim of it that somebody still remembers.
    private async Task<Job> Given(MessageStatus status)
    {
        var job = await queue.GivenRunning();
        if (status == MessageStatus.Sending) return job;
        if (status == MessageStatus.Queued)
        {
            await queue.Claims.ReleaseAsync([job], CancellationToken.None);
            return job;
        }
        await queue.Execute("delete from jobs where id = @Id", new { job.Id });
        await queue.Execute("update messages set status = @status, reason = 'given' where id = @Id", new { job.Id, status = status.Name() });
        return job;
    }
}
