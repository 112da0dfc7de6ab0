using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Rates;
using NotificationServer.Queue;

namespace NotificationServer.Delivery.Gates;

/// The last question before a call: which of its accounts may be called now, by this message? One that may not is passed over for
/// the next. Whoever finds none goes back to the queue as it came: no attempt is written and nothing is counted.
internal sealed class Doorkeeper(ProviderGates gates, SendRates rates, Switches switches, IOptions<GatesOptions> options, RetryDelay random)
{
    private static readonly TimeSpan NoSuchAccount = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeastSpread = TimeSpan.FromSeconds(0.5);

    /// Refused: how long to wait before asking again. Neither an account nor a wait: there is nobody to carry it.
    internal readonly record struct Entry(ProviderAccount? Account, bool IsProbe, TimeSpan? Refused);

    /// IsAwaited: no other account is asked instead.
    private readonly record struct Answer(bool Enters, bool IsProbe, TimeSpan Wait)
    {
        public bool IsAwaited { get; init; }
    }

    public async ValueTask<Entry> EnterAsync(Brief brief, AccountRoute route, CancellationToken ct)
    {
        TimeSpan? soonest = null;
        foreach (var account in Allowed(brief, route))
        {
            var answer = await AskAsync(brief, account, ct);
            if (answer.Enters) return new Entry(account, answer.IsProbe, null);
            if (answer.IsAwaited) return new Entry(null, false, answer.Wait);
            if (soonest is null || answer.Wait < soonest) soonest = answer.Wait;
        }
        // What may have been accepted waits for the account that was called while that is switched off.
        return new Entry(null, false, soonest ?? (route.Candidates.Count > 0 || brief.Job.Unknowns > 0 ? Spread(NoSuchAccount) : null));
    }

    /// May this account be called now, by this message? Every reason why not is here, the dearest question last.
    private async ValueTask<Answer> AskAsync(Brief brief, ProviderAccount account, CancellationToken ct)
    {
        var key = account.Key;
        if (!switches.MayUse(key)) return No(random.Between(Hold.Look * 2, Hold.Look * 4));
        var admission = gates.Ask(key);
        if (admission.Kind == AdmissionKind.Closed) return No(Spread(admission.Wait));
        var isFirstTry = brief.Job.Failures == 0 && brief.Job.Unknowns == 0;
        // For about as long as the account would be left alone if it were closed.
        if (admission.Kind == AdmissionKind.Open && !isFirstTry && !gates.MayRetry(key)) return No(random.Between(options.Value.OpenFor / 6, options.Value.OpenFor));

        // Who has called often enough in this second waits; a campaign must not spill over to a dearer account. A full day is another's turn.
        if (await rates.TryTakeAsync(key, account.Limits, ct) is { } wait) return No(Spread(wait)) with { IsAwaited = !rates.IsDayFull(key) };
        if (admission.Kind == AdmissionKind.Probe)
            return await gates.TryProbeAsync(key, ct) ? new Answer(true, true, default) : No(Spread(ProviderGates.ProbeUnderWay));
        if (!gates.TryStart(key)) return No(Spread(TimeSpan.Zero));
        if (isFirstTry) gates.FirstTry(key);
        return new Answer(true, false, default);
    }

    /// What may have been accepted is repeated, if at all, where its repeat can be recognised: by the account that was called. Where
    /// a node died with the call nobody knows which that was; then it is the one that this message asks first.
    private static IReadOnlyList<ProviderAccount> Allowed(Brief brief, AccountRoute route)
    {
        if (brief.Job.Unknowns == 0 || route.Candidates.Count < 2) return route.Candidates;
        foreach (var account in route.Candidates)
            if (account.Key == brief.LastAccount) return [account];
        return brief.LastAccount is null or Sender.Nobody ? [route.Candidates[0]] : [];
    }

    private static Answer No(TimeSpan wait) => new(false, false, wait);

    /// After the opening, never before it, and not all at one instant.
    private TimeSpan Spread(TimeSpan wait) => random.Between(wait, wait + (wait * 0.1 > LeastSpread ? wait * 0.1 : LeastSpread));
}
