using System.Text.Json.Nodes;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Gates;

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

/// `state`: closed (it works), open (it is left alone), half_open (one call finds out). `failure_rate`: of the calls of the node that
/// answers, in the last half minute; null: it made none.
public sealed record HealthView(string State, double? FailureRate, string? Reason, DateTimeOffset? OpenUntil, DateTimeOffset? NotBefore)
{
    internal static HealthView Of(string account, IReadOnlyDictionary<string, GateRow> rows, ProviderGates gates)
    {
        var row = rows.GetValueOrDefault(account);
        return new HealthView(row?.Breaker ?? GateRow.Closed, gates.FailureShareOf(account), row?.Reason, row?.OpenUntil, row?.NotBefore);
    }
}

/// So many messages on the first day, each day `growth_per_day` times the day before, until the daily cap.
public sealed record WarmUpBody(DateOnly StartDate, int FirstDay, double GrowthPerDay)
{
    internal static WarmUpBody? Of(WarmUp? plan) => plan is null ? null : new WarmUpBody(plan.From, plan.FirstDay, plan.Growth);
}

/// Puts together what is known of accounts from where it is known.
internal sealed class ProviderViews(GateStore store, ProviderGates gates, Queue.Switches switches)
{
    public async Task<IReadOnlyList<ProviderView>> OfAsync(IEnumerable<ProviderAccount> accounts, CancellationToken ct)
    {
        var rows = (await store.ReadAsync(ct)).Rows;
        return [.. accounts.Select(account => ProviderView.Of(account, !switches.MayUse(account.Key), HealthView.Of(account.Key, rows, gates)))];
    }

    public async Task<ProviderView> OfAsync(ProviderAccount account, CancellationToken ct) => (await OfAsync([account], ct))[0];
}
