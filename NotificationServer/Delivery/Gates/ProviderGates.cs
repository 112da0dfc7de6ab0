using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Channels.Wire;
using NotificationServer.Delivery.Rates;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery.Gates;

/// Whether a provider account may be called now, on any node: quiet that it asked for, and a breaker that opens when calls
/// fail and lets exactly one call of the cluster find out whether it works again.
internal sealed class ProviderGates(
    GateStore store, Accounts accounts, SendRates rates, Wakeups wakeups, IOptions<GatesOptions> options, TimeProvider clock, ILogger<ProviderGates> log)
    : IDisposable
{
    private sealed record Reading(GateStore.Picture Picture, long At);

    public static readonly TimeSpan ProbeUnderWay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, AccountHealth> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim news = new(0);
    private volatile Reading? reading;

    public Admission Ask(string account)
    {
        var health = HealthOf(account);
        if (health.Shut is var wait && wait > TimeSpan.Zero) return Admission.ClosedFor(wait);
        if (reading is not { } read || !read.Picture.Rows.TryGetValue(account, out var row)) return Admission.Open;
        // Counted from after the answer: our idea of PostgreSQL's time is late rather than early, and so is the next call.
        var admission = row.At(read.Picture.Now + clock.GetElapsedTime(read.At));
        return admission.Kind == AdmissionKind.Open ? Admission.OpenTo(health.Ramp.Room) : admission;
    }

    /// The best of the channel's accounts: while one is open, there is something to do.
    public Admission AskChannel(string channel)
    {
        Admission? best = null;
        foreach (var account in accounts.Of(channel))
        {
            var admission = Ask(account).And(rates.Ask(account, accounts.LimitsOf(account)));
            if (best is not { } other || admission.IsBetterThan(other)) best = admission;
        }
        return best ?? Admission.Open;
    }

    /// The right to the one probe of the cluster. Not ours: somebody else is finding out.
    public async Task<bool> TryProbeAsync(string account, CancellationToken ct)
    {
        try
        {
            if (await store.TakeProbeAsync(account, ct)) return true;
            // Our picture is older than what the others know.
            news.Release();
        }
        catch (NpgsqlException e)
        {
            Log.GatesUnavailable(log, e);
        }
        return false;
    }

    public bool MayRetry(string account)
    {
        var health = HealthOf(account);
        return health.Retries.TryRetry(health.Calls.FailureShare >= options.Value.RetriesFreeBelow);
    }

    /// False: it was closed until a moment ago, and for now enough calls are on their way to it.
    public bool TryStart(string account) => HealthOf(account).Ramp.TryStart();

    public void FirstTry(string account) => HealthOf(account).Retries.FirstTry();

    /// What a call taught us. Holds on this node at once, and on all when the keeper has written it, moments later.
    public void Report(string account, SendOutcome outcome, bool wasProbe)
    {
        var health = HealthOf(account);
        var tell = false;
        if (outcome.RetryAfter is { } wait && outcome.Status is (SendStatus.Throttled or SendStatus.Transient))
        {
            if (wait >= RetryAfterHeader.Most) Log.VeryLongWait(log, account, wait);
            health.Quiet(wait, $"asked to wait: {outcome.Code}");
            tell = true;
        }

        health.Ramp.Ended(CallWindow.IsFailure(outcome));
        var failure = health.Calls.Add(outcome);
        if (wasProbe)
        {
            var failed = CallWindow.IsFailure(outcome);
            if (!failed) health.Calls.Clear();
            health.Tell(failed ? AccountHealth.Move.ProbeFailed : AccountHealth.Move.ProbeSucceeded, ProbeReason(outcome));
            tell = true;
        }
        else if (failure is not null)
        {
            health.Calls.Clear();
            health.Tell(AccountHealth.Move.OpenBreaker, failure);
            tell = true;
        }
        if (tell) news.Release();
    }

    /// How the calls of this node went lately; null: it made none that it knows of.
    public double? FailureShareOf(string account) => known.TryGetValue(account, out var health) ? health.Calls.FailureShare : null;

    /// How often this node called it lately, a second.
    public double CallRateOf(string account) => known.TryGetValue(account, out var health) ? health.Calls.PerSecond : 0;

    /// How the calls of this node went lately, of every account that it called.
    public IReadOnlyDictionary<string, NodeLoad.Calls> CallsLately() => known.Select(one => (one.Key, one.Value.Calls.Totals)).Where(one => one.Totals.Calls > 0)
        .ToDictionary(one => one.Key, one => new NodeLoad.Calls(one.Totals.Calls, one.Totals.Failed, options.Value.Window.TotalSeconds), StringComparer.Ordinal);

    /// Until somebody has something to tell, or it is time to look again.
    internal Task WaitForNewsAsync(TimeSpan longest, CancellationToken ct) => news.WaitAsync(longest, ct);

    /// Tells the database what this node learnt, and looks what the others did.
    internal async Task ExchangeAsync(CancellationToken ct)
    {
        // One look serves all that asked for one so far.
        while (news.Wait(0, ct))
        {
        }
        foreach (var (account, health) in known)
        {
            var taken = health.Take();
            if (taken == default) continue;
            try
            {
                await TellAsync(account, taken, ct);
            }
            catch (NpgsqlException)
            {
                health.PutBack(taken);
                throw;
            }
        }
        var picture = await store.ReadAsync(ct);
        var reopened = Reopened(reading?.Picture, picture);
        foreach (var account in reopened) HealthOf(account).Reopen(); // before anybody sees that it is open
        reading = new Reading(picture, clock.GetTimestamp());
        foreach (var health in known.Values) health.BelievePicture();
        foreach (var channel in reopened.SelectMany(accounts.ChannelsOf).Distinct()) wakeups.Wake(channel);
    }

    private async Task TellAsync(string account, AccountHealth.News taken, CancellationToken ct)
    {
        if (taken.Quiet is { } wait) await store.QuietAsync(account, wait, taken.QuietReason ?? "", ct);
        if (taken.Move is not { } move) return;
        var reason = taken.Reason ?? "";
        // Only the node whose step it was speaks of it: one closing, one alert.
        if (move == AccountHealth.Move.OpenBreaker && await store.OpenBreakerAsync(account, reason, ct)) Log.AccountClosed(log, account, reason);
        if (move == AccountHealth.Move.ProbeFailed && await store.ProbeFailedAsync(account, reason, ct)) Log.ProbeFailed(log, account, reason);
        if (move == AccountHealth.Move.ProbeSucceeded && await store.ProbeSucceededAsync(account, ct)) Log.AccountOpen(log, account);
    }

    // Refused credentials stay what they are, however often they are tried again: that is what a person has to mend.
    private static string ProbeReason(SendOutcome outcome) =>
        $"{(outcome.Status == SendStatus.Misconfigured ? "misconfigured" : "the probe failed")}: {outcome.Detail ?? outcome.Code}";

    private static List<string> Reopened(GateStore.Picture? before, GateStore.Picture now) =>
        [.. (before?.Rows.Values ?? []).Where(row => row.Breaker != GateRow.Closed).Select(row => row.Account)
            .Where(account => now.Rows.TryGetValue(account, out var later) && later.Breaker == GateRow.Closed)];

    public void Dispose() => news.Dispose();

    private AccountHealth HealthOf(string account) => known.TryGetValue(account, out var health)
        ? health : known.GetOrAdd(account, static (_, from) => new AccountHealth(from.Options, from.Clock), (Options: options.Value, Clock: clock));
}
