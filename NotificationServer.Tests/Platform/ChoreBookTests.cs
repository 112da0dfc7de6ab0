using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

public sealed class ChoreBookTests(Database db) : IClassFixture<Database>
{
    private readonly ChoreBook book = new(db.Source, TimeProvider.System), anotherNode = new(db.Source, TimeProvider.System);

    [Fact]
    public async Task What_ran_is_known_to_everybody_and_so_is_what_went_wrong_last()
    {
        await book.RunAsync("sweep", TimeSpan.FromSeconds(10), _ => Task.FromResult(1), default);
        await Assert.ThrowsAsync<PostgresException>(() => book.RunAsync("sweep", TimeSpan.FromSeconds(10), Fail, default));
        await book.ExchangeAsync(default);

        var failed = Assert.Single(await anotherNode.ReadAsync(default), chore => chore.Name == "sweep");
        Assert.Equal((true, 2, 1), (failed.Failed, failed.Runs, failed.Failures));
        Assert.StartsWith("42P01", failed.Problem, StringComparison.Ordinal);

        await anotherNode.RunAsync("sweep", TimeSpan.FromSeconds(10), _ => Task.FromResult(1), default);
        await anotherNode.ExchangeAsync(default);
        var well = Assert.Single(await book.ReadAsync(default), chore => chore.Name == "sweep");
        Assert.Equal((false, 3, 1, failed.Problem), (well.Failed, well.Runs, well.Failures, well.Problem));
    }

    [Fact]
    public async Task Who_waits_for_the_next_run_goes_at_once_when_a_person_asks()
    {
        await book.RunAsync("night", TimeSpan.FromHours(1), _ => Task.FromResult(1), default);
        await book.ExchangeAsync(default);
        var waiting = book.WaitAsync(TimeSpan.FromHours(1), ["night"], default);

        Assert.True(await anotherNode.AskAsync("night", "staff:ada", default));
        await book.ExchangeAsync(default);
        await waiting;
        Assert.True(book.IsAsked("night"));
        await book.RunAsync("night", TimeSpan.FromHours(1), _ => Task.FromResult(1), default);
        await book.ExchangeAsync(default);

        var ran = Assert.Single(await book.ReadAsync(default), chore => chore.Name == "night");
        Assert.Equal((2, (DateTimeOffset?)null), (ran.Runs, ran.AskedAt));
        Assert.False(await book.AskAsync("nothing", "staff:ada", default));
    }

    [Fact]
    public async Task A_wish_that_is_put_off_is_heard_again()
    {
        await book.RunAsync("shut", TimeSpan.FromHours(1), _ => Task.FromResult(1), default);
        await book.ExchangeAsync(default);
        await book.AskAsync("shut", "staff:ada", default);
        for (var turn = 0; turn < 2; turn++)
        {
            var waiting = book.WaitAsync(TimeSpan.FromHours(1), ["shut"], default);
            await book.ExchangeAsync(default);
            await waiting;
            Assert.True(book.IsAsked("shut"));
            book.PutOff("shut");
        }
        Assert.NotNull(Assert.Single(await anotherNode.ReadAsync(default), chore => chore.Name == "shut").AskedAt);
    }

    [Fact]
    public async Task What_was_asked_for_while_it_ran_is_run_again()
    {
        await book.RunAsync("slow", TimeSpan.FromHours(1), _ => Task.FromResult(1), default);
        await book.ExchangeAsync(default);
        await anotherNode.RunAsync("slow", TimeSpan.FromHours(1), ct => book.AskAsync("slow", "staff:ada", ct), default);
        await anotherNode.ExchangeAsync(default);

        Assert.NotNull(Assert.Single(await book.ReadAsync(default), chore => chore.Name == "slow").AskedAt);
        await book.ExchangeAsync(default);
        var again = book.WaitAsync(TimeSpan.FromHours(1), ["slow"], default);
        await book.ExchangeAsync(default);
        await again;
    }

    private async Task<int> Fail(CancellationToken ct)
    {
        await using var nowhere = db.Source.CreateCommand("select 1 from nowhere");
        return await nowhere.ExecuteNonQueryAsync(ct);
    }
}
