using System.Text.Json;
using System.Text.RegularExpressions;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Platform;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Delivery.Routing;

/// An account as a person describes it, by a form or by a call.
internal sealed record AccountWish(string Kind)
{
    public JsonElement? Settings { get; init; }
    public JsonElement? Secrets { get; init; }
    public IReadOnlyList<string?> Channels { get; init; } = [];
    public IReadOnlyList<string?> Markets { get; init; } = [];
    public IReadOnlyList<string?> Apps { get; init; } = [];
    public int Order { get; init; } = 100;
    public int Weight { get; init; } = 1;
    public int? RatePerSecond { get; init; }
    public int? DailyCap { get; init; }
    public WarmUp? WarmUp { get; init; }
    public bool Enabled { get; init; } = true;
    public string? Reason { get; init; }
}

/// What an account may be, but for its vendor's own settings, which the vendor's options judge.
internal static partial class AccountRules
{
    public const int LongestReason = 500;
    private const int MostListed = 300;
    private const int MostCalls = 1_000_000_000;
    private static readonly string[] Reserved = ["inbox", "none", AccountRoute.Pinned];

    public const string KeyWanted = "1 to 63 of a-z 0-9 _ -, beginning with a letter or digit; inbox, none and pinned are taken";

    public static bool IsKey(string key) => KeyForm().IsMatch(key) && !Reserved.Contains(key);

    /// The row as far as it can be told from the wish; its settings and secrets are for the editor.
    public static (StoredAccount Row, IReadOnlyList<SettingProblem> Problems) Check(string key, AccountWish wish)
    {
        var problems = new List<SettingProblem>();
        Check(wish.Settings is null or { ValueKind: JsonValueKind.Object or JsonValueKind.Null }, "/settings", "not_an_object", "Use a JSON object", problems);
        CheckSecrets(wish.Secrets, problems);
        var channels = wish.Channels.SelectMany((name, i) => Channels(name, $"/channels/{i}", problems)).Distinct().ToArray();
        CheckList(wish.Markets, "/markets", Place.IsCountry, "unknown_country", "Use two capital letters of ISO 3166", problems);
        CheckList(wish.Apps, "/apps", app => AppForm().IsMatch(app), "invalid_app", "Use a bundle id or package, like com.example.app", problems);
        Check(wish.Order is >= 0 and < ProviderAccount.LastOrder, "/order", "out_of_range", "0 to 999,999", problems);
        Check(wish.Weight is >= 1 and <= 1000, "/weight", "out_of_range", "1 to 1,000", problems);
        Check(wish.RatePerSecond is null or (> 0 and <= 1_000_000), "/rate_per_second", "out_of_range", "1 to 1,000,000, or null", problems);
        Check(wish.DailyCap is null or (> 0 and <= MostCalls), "/daily_cap", "out_of_range", "1 to 1,000,000,000, or null", problems);
        Check(OneLine.Is(wish.Reason, LongestReason, required: false), "/reason", "invalid_text", OneLine.Wanted(LongestReason), problems);
        if (wish.WarmUp is { } plan)
        {
            Check(plan.From.Year is > 2000 and < 2200, "/warm_up/start_date", "out_of_range", "A day of this century", problems);
            Check(plan.FirstDay is > 0 and <= MostCalls, "/warm_up/first_day", "out_of_range", "1 to 1,000,000,000", problems);
            Check(plan.Growth is > 1 and <= 100, "/warm_up/growth_per_day", "out_of_range", "More than 1, at most 100", problems);
        }
        return (new StoredAccount
        {
            Key = key,
            Vendor = wish.Kind,
            Channels = [.. channels.Select(channel => channel.Name())],
            Markets = [.. wish.Markets.OfType<string>().Distinct()],
            Apps = [.. wish.Apps.OfType<string>().Distinct()],
            Position = wish.Order,
            Weight = wish.Weight,
            RatePerSecond = wish.RatePerSecond,
            DailyCap = wish.DailyCap,
            WarmUpFrom = wish.WarmUp?.From,
            WarmUpFirstDay = wish.WarmUp?.FirstDay,
            WarmUpGrowth = wish.WarmUp?.Growth,
            Enabled = wish.Enabled,
            Settings = "{}",
        }, problems);
    }

    private static void CheckSecrets(JsonElement? secrets, List<SettingProblem> problems)
    {
        if (secrets is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }) return;
        if (secrets is not { ValueKind: JsonValueKind.Object } given)
        {
            problems.Add(new("/secrets", "not_an_object", "Use a JSON object"));
            return;
        }
        foreach (var member in given.EnumerateObject())
            Check(member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null, $"/secrets/{member.Name}", "not_text", "Use a text, or null to take it away", problems);
    }

    private static IReadOnlyList<Channel> Channels(string? name, string pointer, List<SettingProblem> problems)
    {
        var channels = ChannelNames.Expand(name ?? "");
        Check(channels.Count > 0, pointer, "unknown_channel", "Use push, sms, email or one channel like ios_push", problems);
        return channels;
    }

    private static void CheckList(IReadOnlyList<string?> values, string pointer, Func<string, bool> isValid, string code, string message, List<SettingProblem> problems)
    {
        Check(values.Count <= MostListed, pointer, "too_many", $"At most {MostListed}", problems);
        foreach (var (i, value) in values.Take(MostListed).Index()) Check(value is not null && isValid(value), $"{pointer}/{i}", code, message, problems);
    }

    private static void Check(bool holds, string pointer, string code, string message, List<SettingProblem> problems)
    {
        if (!holds) problems.Add(new SettingProblem(pointer, code, message));
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,62}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex KeyForm();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,199}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex AppForm();
}
