using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Queue;

namespace NotificationServer.Delivery.Gates;

/// The last question before a call: which of its accounts may be called now, by this message? One that may not is passed over for
/// the next. Whoever finds none goes back to the queue as it came: no attempt is written and nothing is counted.
internal sealed class Doorkeeper(ProviderGates gates, Switches switches, IOptions<GatesOptions> options, RetryDelay random)
{
    private static readonly TimeSpan NoSuchAccount = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeastSpread = TimeSpan.FromSeconds(0.5);

    /// Refused: how long to wait before asking again. Neither an account nor a wait: there is nobody to carry it.
    internal readonly record struct Entry(ProviderAccount? Account, bool IsProbe, TimeSpan? Refused);

    private readonly record struct Answer(bool Enters, bool IsProbe, TimeSpan Wait);

    public async ValueTask<Entry> EnterAsync(Brief brief, AccountRoute route, CancellationToken ct)
    {
        TimeSpan? soonest = null;
        foreach (var account in Allowed(brief, route))
        {
            var answer = await AskAsync(brief, account.Key, ct);
            if (answer.Enters) return new Entry(account, answer.IsProbe, null);
            if (soonest is null || answer.Wait < soonest) soonest = answer.Wait;
        }
        // What may have been accepted waits for the account that was called while that is switched off.
        return new Entry(null, false, soonest ?? (route.Candidates.Count > 0 || brief.Job.Unknowns > 0 ? Spread(NoSuchAccount) : null));
    }

    /// May this account be called now, by this message? Every reason why not is here, the dearest question last.
    private async ValueTask<Answer> AskAsync(Brief brief, string account, CancellationToken ct)
    {
        if (!switches.MayUse(account)) return No(random.Between(Hold.Look * 2, Hold.Look * 4));
        var admission = gates.Ask(account);
        if (admission.Kind == AdmissionKind.Closed) return No(Spread(admission.Wait));
        // Rates: whether it has a call left in this second and on this day is asked here, before anything below is used up.
        if (admission.Kind == AdmissionKind.Probe)
            return await gates.TryProbeAsync(account, ct) ? new Answer(true, true, default) : No(Spread(ProviderGates.ProbeUnderWay));

        if (!gates.TryStart(account)) return No(Spread(TimeSpan.Zero));
        if (brief.Job.Failures == 0 && brief.Job.Unknowns == 0) gates.FirstTry(account);
        // For about as long as the account would be left alone if it were closed.
        else if (!gates.MayRetry(account)) return No(random.Between(options.Value.OpenFor / 6, options.Value.OpenFor));
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
