using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class OperationTests : IAsyncLifetime
{
    private readonly QueueFixture queue = new();

    public Task InitializeAsync() => queue.InitializeAsync();

    public Task DisposeAsync() => queue.DisposeAsync();

    [Fact]
    public async Task F37_two_operators_at_once_requeue_each_dead_letter_once()
    {
        await queue.GivenDead(5000);
        var operations = await Task.WhenAll(Start(OperationType.Requeue, "ann"), Start(OperationType.Requeue, "bob"));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(RunToTheEndAsync)));

        var (first, second) = (await Find(operations[0]), await Find(operations[1]));
        Assert.Equal(("completed", "completed"), (first.Status, second.Status));
        Assert.Equal(5000, first.Done + second.Done);
        Assert.Equal((5000, 5000), (first.Done + first.Skipped + 5000 - first.Total, second.Done + second.Skipped + 5000 - second.Total));
        Assert.Equal((5000L, 5000L, 0L), await queue.Query<(long, long, long)>("""
            select (select count(*) from jobs), (select count(*) from decisions where decision = 'requeued'), (select count(*) from dead_letters)
            """, new { }));
    }

    [Fact]
    public async Task What_failed_again_after_it_was_requeued_is_not_requeued_again_by_the_other_operator()
    {
        var ids = await queue.GivenDead(3);
        await Start(OperationType.Requeue, "ann");
        var bobs = await Start(OperationType.Requeue, "bob");
        await queue.RunnerOfSomeNode().RunOnceAsync(CancellationToken.None);
        await queue.Write([.. (await queue.Claim()).Select(QueueFixture.Failed)]);

        await RunToTheEndAsync();

        Assert.Equal(0, (await Find(bobs)).Done);
        Assert.All(ids, id => Assert.Equal(MessageStatus.Failed, queue.StatusOf(id).Result));
    }

    [Fact]
    public async Task A_node_that_dies_within_a_batch_leaves_it_to_the_next_which_goes_on_exactly_there()
    {
        await queue.GivenDead(1200);
        var operation = await Start(OperationType.Requeue, "ann");
        await queue.RunnerOfSomeNode().RunOnceAsync(CancellationToken.None);
        // The statement that ends the batch fails: what the batch did is undone with the connection, as when the process is killed.
        await queue.Execute("alter table operations add constraint killed check (done <= 500)", new { });
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => queue.RunnerOfSomeNode().RunOnceAsync(CancellationToken.None));
        Assert.Equal(500, await queue.Query<long>("select count(*) from jobs", new { }));
        await queue.Execute("alter table operations drop constraint killed", new { });

        await RunToTheEndAsync();

        var found = await Find(operation);
        Assert.Equal(("completed", 1200, 0), (found.Status, found.Done, found.Skipped));
        Assert.Equal(1200, await queue.Query<long>("select count(*) from jobs", new { }));
    }

    [Fact]
    public async Task What_a_provider_accepted_is_refused_and_counted_as_such()
    {
        var ids = await queue.GivenDead(2);
        await queue.Execute("update attempts set outcome = 'accepted' where message_id = @id", new { id = ids[0] });
        var operation = await Start(OperationType.Requeue, "ann");

        await RunToTheEndAsync();

        var found = await Find(operation);
        Assert.Equal((1, 1), (found.Done, found.Refused));
        Assert.Equal(MessageStatus.Failed, await queue.StatusOf(ids[0]));
        Assert.Equal(MessageStatus.Queued, await queue.StatusOf(ids[1]));
    }

    [Fact]
    public async Task A_cancelled_operation_leaves_alone_what_it_has_not_come_to()
    {
        await queue.GivenDead(700);
        var operation = await Start(OperationType.Requeue, "ann");
        await queue.RunnerOfSomeNode().RunOnceAsync(CancellationToken.None);

        Assert.True(await queue.Operations.CancelAsync(operation, "bob", CancellationToken.None));
        await RunToTheEndAsync();

        Assert.Equal(("cancelled", 500), ((await Find(operation)).Status, (await Find(operation)).Done));
        Assert.Equal(200, await queue.Query<long>("select count(*) from dead_letters", new { }));
        Assert.False(await queue.Operations.CancelAsync(operation, "bob", CancellationToken.None));
    }

    [Fact]
    public async Task A_discarded_message_stays_failed_with_who_and_why()
    {
        var id = Assert.Single(await queue.GivenDead(1));
        await Start(OperationType.Discard, "ann");

        await RunToTheEndAsync();

        Assert.Equal(MessageStatus.Failed, await queue.StatusOf(id));
        Assert.Equal(("discarded", "ann", "because", 0L), await queue.Query<(string, string, string, long)>("""
            select decision, actor, reason, (select count(*) from dead_letters) from decisions where message_id = @id
            """, new { id }));
    }

    [Fact]
    public async Task A_rate_is_kept_by_the_database_whoever_does_the_work()
    {
        await queue.GivenDead(1000);
        var operation = await Start(OperationType.Requeue, "ann", rate: 40);

        await RunToTheEndAsync();

        var found = await Find(operation);
        var seconds = await queue.Query<double>("select extract(epoch from clock_timestamp() - created_at) from operations where id = @operation", new { operation });
        Assert.Equal("running", found.Status);
        // A second may be made up for at once; the rest has to wait.
        Assert.InRange(found.Done, 10, 10 + 40 * (1 + seconds));
    }

    [Fact]
    public async Task A_filter_counts_what_it_will_touch_and_touches_nothing_else()
    {
        await queue.GivenDead(5);
        var mails = (await queue.GivenDead(3, NotificationServer.Channels.Channel.Email)).Count - 5;
        var filter = new DeadLetterFilter { Channels = ["email"], Provider = "twilio" };

        Assert.Equal(mails, (await queue.Operations.CountAsync(filter, 1000, CancellationToken.None)).Matched);
        Assert.Equal(2, (await queue.Operations.CountAsync(filter, 2, CancellationToken.None)).Matched);
        var request = new OperationRequest(OperationType.Requeue, filter, "because", "ann") { Most = 1000 };
        await queue.Operations.StartAsync(request, CancellationToken.None);
        await RunToTheEndAsync();

        Assert.Equal(3, await queue.Query<long>("select count(*) from jobs where channel = 'email'", new { }));
        Assert.Equal(5, await queue.Query<long>("select count(*) from dead_letters", new { }));
    }

    private async Task<Guid> Start(OperationType type, string actor, int? rate = null)
    {
        var request = new OperationRequest(type, new DeadLetterFilter(), "because", actor) { Most = 100_000, Rate = rate };
        return (await queue.Operations.StartAsync(request, CancellationToken.None)).Id;
    }

    private async Task<Operation> Find(Guid id) => (await queue.Operations.FindAsync(id, CancellationToken.None))!; // started by this test

    /// As long as some operation is due.
    private async Task RunToTheEndAsync()
    {
        var runner = queue.RunnerOfSomeNode();
        while (await runner.RunOnceAsync(CancellationToken.None))
        {
        }
    }
}
