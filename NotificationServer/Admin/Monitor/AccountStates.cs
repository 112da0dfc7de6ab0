using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Delivery.Rates;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Monitor;

/// Puts together what is known of the provider accounts from where it is known: the catalogue, the gates, the switches, the clocks of
/// their rates, and what the nodes say of their calls.
internal sealed class AccountStates(ProviderAccounts accounts, GateStore gates, RateStore rates, Switches switches)
{
    internal sealed record Reading(DateTimeOffset Now, IReadOnlyList<AccountState> Accounts);

    public async Task<Reading> ReadAsync(IReadOnlyList<NodeInfo> nodes, CancellationToken ct)
    {
        var picture = await gates.ReadAsync(ct);
        var taken = await rates.TakenTodayAsync(ct);
        var today = DateOnly.FromDateTime(picture.Now.UtcDateTime);
        var calls = nodes.Where(node => node.Alive).SelectMany(node => node.CallsBy).ToLookup(one => one.Key, one => one.Value);
        return new Reading(picture.Now, [.. accounts.All.OrderBy(one => one.Order).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one =>
            new AccountState(one.Key, one.Vendor, [.. one.Channels.Select(channel => channel.Name())])
            {
                Enabled = one.Enabled,
                Problem = one.Problem,
                Gate = picture.Rows.GetValueOrDefault(one.Key),
                Held = switches.Held.FirstOrDefault(held => held.Kind == SwitchKind.Account && held.Name == one.Key),
                Calls = calls[one.Key].Sum(each => (long)each.Made),
                Failed = calls[one.Key].Sum(each => (long)each.Failed),
                CallsPerSecond = calls[one.Key].Sum(each => each.Seconds > 0 ? each.Made / each.Seconds : 0),
                RatePerSecond = one.Limits.RatePerSecond,
                CallsToday = one.Limits == AccountLimits.None ? null : taken.GetValueOrDefault(one.Key),
                MostToday = one.Limits.MostOn(today),
            })]);
    }
}
