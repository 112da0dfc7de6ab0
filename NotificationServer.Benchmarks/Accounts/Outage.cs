using NotificationServer.Benchmarks.Faults;
using NotificationServer.Simulator.Faults;

namespace NotificationServer.Benchmarks.Accounts;

/// One of two accounts goes down under a steady load, in every way that there is, one after the other; then it is well again.
internal sealed class Outage(OutagePlan plan)
{
    private const string Vendor = "twilio";
    private static readonly TimeSpan Flip = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// A repeat by the same account, of which it may have accepted the first, is the policy of unknown outcomes, and counted; none may
    /// come of the move itself.
    public Scenario Scenario => new("outage", $"{plan.Length.TotalMinutes:0} minutes without one of two accounts, {plan.PerSecond} a second", PlayAsync)
    {
        MayDuplicate = true, MayEndUnsent = true,
    };

    private async Task PlayAsync(Trial trial, CancellationToken ct)
    {
        await TwoAccounts.SetUpAsync(trial, null, null, ct);
        DateTimeOffset began, ended;
        await using (var load = SteadyLoad.Start(trial, plan.PerSecond, static (trial, number) => number % 5 == 4 ? trial.NewEmail() : trial.NewSms(), ct))
        {
            await Task.Delay(plan.Before, ct); // what is usual
            began = TimeProvider.System.GetUtcNow();
            foreach (var kind in plan.Kinds) await FailAsync(trial, kind, plan.Length / plan.Kinds.Count, ct);
            ended = TimeProvider.System.GetUtcNow();
            trial.FaultOver(ct);
            await Until.TrueAsync(() => IsBackAsync(trial, ended, ct), OutagePlan.LongestReturn, ct);
            await Task.Delay(Settled, ct); // what is usual, again
            await load.StopAsync();
        }
        // Those of which nobody knows waited for the account that they may have been accepted by.
        await new Checker(trial.Arena).DrainedAsync(TimeSpan.FromMinutes(10), ct);
        await new OutageFigures(trial, began, ended).TellAsync(ct);
    }

    private static async Task FailAsync(Trial trial, OutageKind kind, TimeSpan length, CancellationToken ct)
    {
        var faults = trial.Arena.Simulator.Faults;
        Console.WriteLine($"  {TimeProvider.System.GetUtcNow():HH:mm:ss} it {kind}");
        switch (kind)
        {
            case OutageKind.Hangs:
                for (var (until, taken) = (TimeProvider.System.GetUtcNow() + length, true); TimeProvider.System.GetUtcNow() < until; taken = !taken)
                {
                    faults.Set(Vendor, new Fault { Hang = true, Accept = taken });
                    await Task.Delay(Flip, ct);
                }
                break;
            case OutageKind.Refuses:
                await trial.Arena.Sms.CloseAsync();
                await Task.Delay(length, ct);
                trial.Arena.Sms.Open();
                break;
            case OutageKind.Errors:
                faults.Set(Vendor, new Fault { Status = 503 });
                await Task.Delay(length, ct);
                break;
        }
        faults.ClearAll();
    }

    private static async Task<bool> IsBackAsync(Trial trial, DateTimeOffset ended, CancellationToken ct)
    {
        await Task.Delay(Look, ct);
        return await trial.AskAsync<bool>(Sql.IsBack, ct, new { ended, first = TwoAccounts.First, second = TwoAccounts.Second });
    }

    private static class Sql
    {
        public const string IsBack = """
            select coalesce(count(*) filter (where provider = @first) >= 0.99 * count(*) and count(*) > 0, false)
            from attempts
            where provider in (@first, @second) and started_at > greatest(now() - interval '10 seconds', @ended) and now() > @ended + interval '10 seconds'
            """;
    }
}
