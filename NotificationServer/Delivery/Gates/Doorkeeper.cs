using Microsoft.Extensions.Options;
using NotificationServer.Queue;

namespace NotificationServer.Delivery.Gates;

/// The last question before a call: may this account be called now, by this message? Whoever is refused goes back to the
/// queue as it came: no attempt is written and nothing is counted.
internal sealed class Doorkeeper(ProviderGates gates, Accounts accounts, IOptions<GatesOptions> options, RetryDelay random)
{
    private static readonly TimeSpan LeastSpread = TimeSpan.FromSeconds(0.5);

    /// Refused: how long to wait before asking again.
    internal readonly record struct Entry(string Account, bool IsProbe, TimeSpan? Refused);

    public async ValueTask<Entry> EnterAsync(Brief brief, CancellationToken ct)
    {
        var account = accounts.Of(brief);
        var admission = gates.Ask(account);
        if (admission.Kind == AdmissionKind.Closed) return new Entry(account, false, Spread(admission.Wait));
        if (admission.Kind == AdmissionKind.Probe)
            return await gates.TryProbeAsync(account, ct) ? new Entry(account, true, null) : new Entry(account, false, Spread(ProviderGates.ProbeUnderWay));

        if (!gates.TryStart(account)) return new Entry(account, false, Spread(TimeSpan.Zero));
        if (brief.Job.Failures == 0 && brief.Job.Unknowns == 0) gates.FirstTry(account);
        // For about as long as the account would be left alone if it were closed.
        else if (!gates.MayRetry(account)) return new Entry(account, false, random.Between(options.Value.OpenFor / 6, options.Value.OpenFor));
        return new Entry(account, false, null);
    }

    /// After the opening, never before it, and not all at one instant.
    private TimeSpan Spread(TimeSpan wait) => random.Between(wait, wait + (wait * 0.1 > LeastSpread ? wait * 0.1 : LeastSpread));
}
