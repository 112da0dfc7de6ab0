using System.Text.Json.Nodes;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Gates;
using NotificationServer.Delivery.Rates;

namespace NotificationServer.Api.Providers;

/// A provider account. `kind`: the vendor. `source`: `account` if people edit it here, `configuration` if it stands in the server's settings.
/// Secrets are never shown, only which of them are set. `problem`: why it cannot be used on the node that answers.
public sealed record ProviderView(
    string Key, string Kind, string Source, IReadOnlyList<string> Channels, IReadOnlyList<string> Markets, IReadOnlyList<string> Apps, int Order, int Weight,
    int? RatePerSecond, int? DailyCap, WarmUpBody? WarmUp, bool Enabled, bool Paused, JsonNode Settings, IReadOnlyList<string> SecretsSet, string? Problem,
    HealthView Health, int? Version, DateTimeOffset? UpdatedAt, string? UpdatedBy)
{
    internal static ProviderView Of(ProviderAccount account, bool paused, HealthView health) => new(
        account.Key, account.Vendor, account.IsConfigured ? "configuration" : "account", [.. account.Channels.Select(channel => channel.Name())],
        account.Markets, account.Apps, account.Order, account.Weight, account.Limits.RatePerSecond, account.Limits.DailyCap, WarmUpBody.Of(account.Limits.WarmUp),
        account.Enabled, paused, SettingsOf(account), SecretsOf(account), account.Problem, health, account.Row?.Version, account.Row?.UpdatedAt, account.Row?.UpdatedBy);

    private static JsonNode SettingsOf(ProviderAccount account)
    {
        if (account.Row is { } row) return JsonNode.Parse(row.Settings)!; // stored as an object
        var shown = new JsonObject();
        foreach (var (name, value) in Values(account, secret: false)) shown[name] = value.ToString();
        return shown;
    }

    private static string[] SecretsOf(ProviderAccount account) => [.. Values(account, secret: true).Select(one => one.Name)];

    private static IEnumerable<(string Name, object Value)> Values(ProviderAccount account, bool secret) =>
        account.Settings is not { } settings ? [] :
            from one in AccountSettings.Of(settings.GetType())
            where AccountSettings.IsSecret(one.Value) == secret
            let value = one.Value.GetValue(settings)
            where value is not null
            select (one.Key, value);
}

/// `state`: closed (it works), open (it is left alone), half_open (one call finds out). `failure_rate` and `calls_per_second`: of the calls
/// of the node that answers, in the last half minute (`Gates:Window`); null: it made none. `calls_today`: of all nodes, on this day of UTC,
/// where the account has a limit; `most_today`: what its daily cap and its warm-up allow.
public sealed record HealthView(
    string State, double? FailureRate, string? Reason, DateTimeOffset? OpenUntil, DateTimeOffset? NotBefore, double CallsPerSecond, long? CallsToday, long? MostToday)
{
    internal static HealthView Of(ProviderAccount account, ProviderViews.Look look, ProviderGates gates)
    {
        var row = look.Rows.GetValueOrDefault(account.Key);
        return new HealthView(row?.Breaker ?? GateRow.Closed, gates.FailureShareOf(account.Key), row?.Reason, row?.OpenUntil, row?.NotBefore,
            Math.Round(gates.CallRateOf(account.Key), 2), account.Limits == AccountLimits.None ? null : look.Taken.GetValueOrDefault(account.Key), account.Limits.MostOn(look.Today));
    }
}

/// So many messages on the first day, each day `growth_per_day` times the day before, until the daily cap.
public sealed record WarmUpBody(DateOnly StartDate, int FirstDay, double GrowthPerDay)
{
    internal static WarmUpBody? Of(WarmUp? plan) => plan is null ? null : new WarmUpBody(plan.From, plan.FirstDay, plan.Growth);
}

/// Puts together what is known of accounts from where it is known.
internal sealed class ProviderViews(GateStore store, RateStore rates, ProviderGates gates, Queue.Switches switches, TimeProvider clock)
{
    internal sealed record Look(IReadOnlyDictionary<string, GateRow> Rows, IReadOnlyDictionary<string, long> Taken, DateOnly Today);

    public async Task<IReadOnlyList<ProviderView>> OfAsync(IEnumerable<ProviderAccount> accounts, CancellationToken ct)
    {
        var look = new Look((await store.ReadAsync(ct)).Rows, await rates.TakenTodayAsync(ct), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        return [.. accounts.Select(account => ProviderView.Of(account, !switches.MayUse(account.Key), HealthView.Of(account, look, gates)))];
    }

    public async Task<ProviderView> OfAsync(ProviderAccount account, CancellationToken ct) => (await OfAsync([account], ct))[0];
}
