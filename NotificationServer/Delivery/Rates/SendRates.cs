using System.Collections.Concurrent;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;

namespace NotificationServer.Delivery.Rates;

/// The last wait before a call: nobody calls an account faster than its rate, more often than its day allows, whatever node it is
/// on. Moments are leased from the database in slices, so that a call costs no round trip. A day is a day of UTC by the database's
/// clock, and a call counts on the day on which its moment was given out.
internal sealed class SendRates(RateStore store, TimeProvider clock, ILogger<SendRates> log)
{
    private readonly ConcurrentDictionary<string, AccountRate> known = new(StringComparer.Ordinal);

    /// Null: now is the moment, and it is used up; the call must follow at once. Else: none is near, ask again after this time.
    /// Moments that are near (fractions of a second) are waited for here, so that each waits for its own.
    public ValueTask<TimeSpan?> TryTakeAsync(string account, AccountLimits limits, CancellationToken ct) =>
        limits == AccountLimits.None ? default : RateOf(account).TryTakeAsync(limits, ct);

    /// For the claiming loop: so many calls may find their moment soon. What is claimed beyond that only goes back again.
    public Admission Ask(string account, AccountLimits limits) => limits == AccountLimits.None ? Admission.Open : RateOf(account).Ask(limits);

    /// Why a moment was refused: the day's calls are used up, which no short wait changes.
    public bool IsDayFull(string account) => known.TryGetValue(account, out var rate) && rate.IsDayFull;

    private AccountRate RateOf(string account) => known.TryGetValue(account, out var rate)
        ? rate : known.GetOrAdd(account, static (name, from) => new AccountRate(name, from.store, from.clock, from.log), (store, clock, log));
}
