using NotificationServer.Channels;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Tests.Queue;

public sealed class UndoTests : IAsyncLifetime
{
    private const string Letters = "select (to_jsonb(d) || jsonb_build_object('message_reason', m.reason))::text from dead_letters d join messages m on m.id = d.message_id order by d.message_id";

    private readonly QueueFixture queue = new();

    public Task InitializeAsync() => queue.InitializeAsync();

    public Task DisposeAsync() => queue.DisposeAsync();

    [Fact]
    public async Task What_nobody_has_claimed_is_failed_again_as_if_nothing_had_happened()
    {
        var ids = await queue.GivenDead(3);
        var before = await queue.QueryAll<string>(Letters);
        var operation = await DoneAsync(OperationType.Requeue);

        var undo = await UndoAsync(operation);

        Assert.Equal(("completed", 3, 0), (undo.Status, undo.Done, undo.Skipped));
        Assert.Equal(before, await queue.QueryAll<string>(Letters));
        Assert.All(ids, id => Assert.Equal(MessageStatus.Failed, queue.StatusOf(id).Result));
        Assert.Equal((0L, 3L, 1L), await queue.Query<(long, long, long)>("""
            select (select count(*) from jobs), (select count(*) from decisions where decision = 'undone' and actor = 'bob'),
                (select count(*) from audit_log where action = 'operation.undo' and actor = 'bob')
            """, new { }));
        // And may be requeued once more.
        Assert.Equal(3, (await queue.Operations.FindAsync(await DoneAsync(OperationType.Requeue), CancellationToken.None))!.Done);
    }

    [Fact]
    public async Task What_a_worker_has_is_sent_and_what_was_tried_is_not_put_back()
    {
        await queue.GivenDead(4);
        var operation = await DoneAsync(OperationType.Requeue);
        var claimed = await queue.Claim(limits: new LaneLimits(3, 3, 3, 3, 0));
        await queue.Write(QueueFixture.Again(claimed[1]));                       // refused for now, and waits
        await queue.Claims.ReleaseAsync([claimed[2]], CancellationToken.None);   // its node stopped before it began
        Assert.Equal(2, await queue.Undo.CountAsync((await queue.Operations.FindAsync(operation, CancellationToken.None))!, 100, CancellationToken.None));

        var undo = await UndoAsync(operation);

        Assert.Equal((2, 2), (undo.Done, undo.Skipped));
        Assert.Equal(MessageStatus.Failed, await queue.StatusOf(claimed[2].Id));
        Assert.Equal(MessageStatus.Queued, await queue.StatusOf(claimed[1].Id));
        Assert.Equal(1, (await queue.Write(QueueFixture.Sent(claimed[0]))).Ended);
        Assert.Equal(MessageStatus.Sent, await queue.StatusOf(claimed[0].Id));
        // Whoever still remembers the claim that was given back is fenced off for good.
        Assert.Equal(claimed[2].Attempt, await queue.Query<int>("select last_attempt from dead_letters where message_id = @Id", new { claimed[2].Id }));
    }

    [Fact]
    public async Task Against_workers_that_claim_at_the_same_time_each_message_is_either_sent_or_failed_again()
    {
        await queue.GivenDead(3000);
        var operation = await DoneAsync(OperationType.Requeue);
        var answer = await queue.Undo.StartAsync(operation, "wrong", "bob", CancellationToken.None);
        using var over = new CancellationTokenSource();

        var workers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var sent = 0;
            while (!over.IsCancellationRequested)
            {
                var jobs = await queue.Claim(limits: new LaneLimits(20, 20, 20, 20, 0));
                if (jobs.Count > 0) sent += (await AgainAsync(() => queue.Write([.. jobs.Select(QueueFixture.Sent)]))).Ended;
            }
            return sent;
        })).ToList();
        var runner = queue.RunnerOfSomeNode();
        while (await AgainAsync(() => runner.RunOnceAsync(CancellationToken.None)))
        {
        }
        await over.CancelAsync();
        var sent = (await Task.WhenAll(workers)).Sum();

        var undo = (await queue.Operations.FindAsync(answer.Operation!.Id, CancellationToken.None))!;
        var waiting = await queue.Query<int>("select count(*)::integer from jobs", new { });
        Assert.Equal(3000, undo.Done + undo.Skipped);
        Assert.Equal((undo.Done, sent, waiting), await queue.Query<(int, int, int)>("""
            select (select count(*) from dead_letters)::integer, (select count(*) from messages where status = 'sent')::integer,
                (select count(*) from messages where status = 'queued')::integer
            """, new { }));
        Assert.Equal(0, await queue.Query<long>("""
            select count(*) from dead_letters d join messages m on m.id = d.message_id where m.status <> 'failed' or exists (select from jobs j where j.id = m.id)
            """, new { }));
    }

    [Fact]
    public async Task An_operation_at_work_ends_where_it_is_and_all_that_it_did_goes_back()
    {
        await queue.GivenDead(700);
        var operation = await StartAsync(OperationType.Requeue);
        await queue.RunnerOfSomeNode().RunOnceAsync(CancellationToken.None);

        var undo = await UndoAsync(operation);

        Assert.Equal(("cancelled", 500), ((await FindAsync(operation)).Status, (await FindAsync(operation)).Done));
        Assert.Equal((500, 700L), (undo.Done, await queue.Query<long>("select count(*) from dead_letters", new { })));
    }

    [Fact]
    public async Task Discarded_messages_wait_for_a_decision_again()
    {
        await queue.GivenDead(2);
        var before = await queue.QueryAll<string>(Letters);
        var operation = await DoneAsync(OperationType.Discard);
        Assert.Equal(2, await queue.Undo.CountAsync(await FindAsync(operation), 100, CancellationToken.None));

        var undo = await UndoAsync(operation);

        Assert.Equal(2, undo.Done);
        Assert.Equal(before, await queue.QueryAll<string>(Letters));
    }

    [Fact]
    public async Task What_somebody_decided_anew_since_is_not_taken_from_them()
    {
        await queue.GivenDead(1);
        var anns = await DoneAsync(OperationType.Requeue);
        await queue.Write([.. (await queue.Claim()).Select(job => new JobResult { Job = job, End = MessageStatus.Failed, Reason = "template_error", Code = "template_error" })]);
        await DoneAsync(OperationType.Requeue);

        Assert.Equal((0, 1), ((await UndoAsync(anns)).Done, (await FindAsync(anns)).Done));
        Assert.Equal(1, await queue.Query<long>("select count(*) from jobs", new { }));
    }

    [Fact]
    public async Task It_is_done_once_and_not_for_ever_and_never_to_an_undo()
    {
        await queue.GivenDead(1);
        var operation = await DoneAsync(OperationType.Requeue);
        await queue.Execute("update operations set finished_at = now() - interval '8 days' where id = @operation", new { operation });
        Assert.Equal(UndoStatus.TooLate, (await queue.Undo.StartAsync(operation, "why", "bob", CancellationToken.None)).Status);
        await queue.Execute("update operations set finished_at = now() where id = @operation", new { operation });

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => queue.Undo.StartAsync(operation, "why", "bob", CancellationToken.None))));

        Assert.Equal([UndoStatus.Started, UndoStatus.UndoneBefore], answers.Select(answer => answer.Status).Order());
        Assert.Equal(answers[0].Operation!.Id, answers[1].Operation!.Id);
        Assert.Equal(UndoStatus.IsAnUndo, (await queue.Undo.StartAsync(answers[0].Operation!.Id, "why", "bob", CancellationToken.None)).Status);
    }

    [Fact]
    public async Task What_messages_were_is_forgotten_after_a_week()
    {
        await queue.GivenDead(2);
        await DoneAsync(OperationType.Requeue);
        await queue.Execute("update former_letters set at = now() - interval '8 days'", new { });

        await new UndoRetention(queue.Db).RunOnceAsync(CancellationToken.None);

        Assert.Equal(0, await queue.Query<long>("select count(*) from former_letters", new { }));
    }

    [Fact]
    public async Task A_muted_group_is_out_of_sight_until_it_grows_again()
    {
        await queue.GivenDead(1);
        var groups = new FailureGroups(queue.Db);
        var fingerprint = await queue.Query<string>("select fingerprint from failure_groups", new { });

        Assert.True(await groups.MuteAsync(fingerprint, "known", "ann", CancellationToken.None));
        Assert.False(await groups.MuteAsync(fingerprint, "known", "ann", CancellationToken.None));
        Assert.Equal(("muted", "ann", "known"), await StateAsync());
        await queue.GivenDead(1);

        Assert.Equal("open", (await StateAsync()).State);
        Assert.False(await groups.OpenAsync(fingerprint, "ann", CancellationToken.None));

        Task<(string State, string By, string Why)> StateAsync() => queue.Query<(string, string, string)>("select state, muted_by, mute_reason from failure_groups", new { });
    }

    [Fact]
    public async Task A_message_is_cancelled_by_somebody_who_says_why_unless_it_is_being_sent()
    {
        var waits = await queue.GivenMessage(Channel.Email);
        var running = await queue.GivenRunning(Channel.WebPush);

        Assert.True(await queue.Cancellation.CancelAsync(waits, "wrong text", "ann", CancellationToken.None));
        Assert.False(await queue.Cancellation.CancelAsync(running.Id, "wrong text", "ann", CancellationToken.None));

        Assert.Equal(MessageStatus.Cancelled, await queue.StatusOf(waits));
        Assert.Equal(MessageStatus.Sending, await queue.StatusOf(running.Id));
        Assert.Equal(("cancelled", "ann", "wrong text"), await queue.Query<(string, string, string)>("select decision, actor, reason from decisions where message_id = @waits", new { waits }));
    }

    private async Task<Guid> StartAsync(OperationType type) => (await queue.Operations.StartAsync(
        new OperationRequest(type, new DeadLetterFilter(), "because", "ann") { Most = 100_000 }, CancellationToken.None)).Id;

    private async Task<Guid> DoneAsync(OperationType type)
    {
        var id = await StartAsync(type);
        await RunToTheEndAsync();
        return id;
    }

    private async Task<Operation> UndoAsync(Guid operation)
    {
        var answer = await queue.Undo.StartAsync(operation, "wrong", "bob", CancellationToken.None);
        Assert.Equal(UndoStatus.Started, answer.Status);
        await RunToTheEndAsync();
        return await FindAsync(answer.Operation!.Id); // it started
    }

    private async Task<Operation> FindAsync(Guid id) => (await queue.Operations.FindAsync(id, CancellationToken.None))!; // started by this test

    /// A job that is claimed between the undo's look and its lock stays locked by it, so that the two may wait for each other's jobs. PostgreSQL
    /// ends one of them, and that one does it again: the recorder and the runner do.
    private static async Task<T> AgainAsync<T>(Func<Task<T>> work)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // Nothing of it happened.
            }
        }
    }

    private async Task RunToTheEndAsync()
    {
        var runner = queue.RunnerOfSomeNode();
        while (await runner.RunOnceAsync(CancellationToken.None))
        {
        }
    }
}
