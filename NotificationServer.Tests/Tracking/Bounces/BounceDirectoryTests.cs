using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Tests.Queue;
using NotificationServer.Tracking.Bounces;

namespace NotificationServer.Tests.Tracking.Bounces;

public sealed class BounceDirectoryTests(QueueFixture queue) : IClassFixture<QueueFixture>, IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_bounces_");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_mail_that_came_back_moves_its_message_and_the_address_of_that_message_is_suppressed()
    {
        var id = await GivenSentMailAsync();
        Directory.CreateDirectory(Path.Combine(directory.FullName, "new"));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "new", "1700.M1.host"), Samples.HardBounce(id));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "holiday"), "Subject: I am on holiday\n\nBack on Monday.");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, ".half"), Samples.HardBounce(id));

        Assert.Equal(2, await Reader().RunOnceAsync(CancellationToken.None));

        Assert.Equal(MessageStatus.Bounced, await queue.StatusOf(id));
        // Not the address that the report names: whoever wrote it may name anybody.
        Assert.Equal(0, await queue.Query<int>("select count(*) from suppressions where address = 'ann@example.org'", new { }));
        Assert.Equal("hard_bounce", await queue.Query<string>("select reason from suppressions where address = @address", new { address = Address(id) }));
        Assert.Equal(["done/1700.M1.host", "failed/holiday"], Files());
    }

    [Fact]
    public async Task A_node_that_died_between_effect_and_move_did_no_harm()
    {
        var id = await GivenSentMailAsync();
        for (var run = 0; run < 2; run++)
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "m1"), Samples.HardBounce(id));
            Assert.Equal(1, await Reader().RunOnceAsync(CancellationToken.None));
        }

        Assert.Equal(1, await queue.Query<int>("select count(*) from receipts where message_id = @id", new { id }));
    }

    [Fact]
    public async Task While_one_node_reads_the_others_leave_the_mailbox_alone()
    {
        await using var other = await queue.Db.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = other.CreateCommand())
        {
            command.CommandText = BounceDirectory.Sql.TakeTurn;
            await command.ExecuteScalarAsync();
        }
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "m1"), Samples.Complaint(await GivenSentMailAsync()));

        Assert.Equal(0, await Reader().RunOnceAsync(CancellationToken.None));
        await transaction.RollbackAsync();
        Assert.Equal(1, await Reader().RunOnceAsync(CancellationToken.None));
    }

    private BounceDirectory Reader() => new(
        queue.Db, queue.Book, Options.Create(new BounceOptions { Directory = directory.FullName }),
        TimeProvider.System, NullLogger<BounceDirectory>.Instance);

    private async Task<Guid> GivenSentMailAsync()
    {
        var job = await queue.GivenRunning(Channel.Email);
        await queue.Write(QueueFixture.Sent(job));
        await queue.Execute("update messages set address = @address where id = @Id", new { job.Id, address = Address(job.Id) });
        return job.Id;
    }

    private static string Address(Guid id) => $"{id:N}@customer.example";

    private string[] Files() => [.. Directory.EnumerateFiles(directory.FullName, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(directory.FullName, file)).Where(file => !file.StartsWith('.')).Order(StringComparer.Ordinal)];
}
