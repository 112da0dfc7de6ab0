using NotificationServer.Delivery.Gates;

namespace NotificationServer.Tests.Delivery.Gates;

public sealed class RetryBudgetTests
{
    private readonly HandClock clock = new();
    private readonly RetryBudget budget;

    public RetryBudgetTests() => budget = new RetryBudget(new GatesOptions { RetriesAMinute = 10 }, clock);

    [Fact]
    public void A_failing_account_bears_one_repeat_for_five_first_tries()
    {
        for (var i = 0; i < 1000; i++) budget.FirstTry();

        Assert.Equal(200, Allowed(500));
    }

    [Fact]
    public void An_account_with_no_new_work_still_repeats_a_little_every_minute()
    {
        Assert.Equal(10, Allowed(500));
        clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(10, Allowed(500));
    }

    [Fact]
    public void The_minute_rolls_so_that_no_boundary_doubles_the_allowance()
    {
        clock.Pass(TimeSpan.FromSeconds(59));
        Assert.Equal(10, Allowed(500));
        clock.Pass(TimeSpan.FromSeconds(1.5));

        Assert.InRange(Allowed(500), 0, 1);
    }

    [Fact]
    public void An_account_that_works_bears_every_repeat()
    {
        for (var i = 0; i < 500; i++) Assert.True(budget.TryRetry(isFailing: false));
    }

    private int Allowed(int asked) => Enumerable.Range(0, asked).Count(_ => budget.TryRetry(isFailing: true));
}
