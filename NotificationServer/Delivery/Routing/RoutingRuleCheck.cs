using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Delivery.Routing;

/// What routing rules may be, written in a form or told by a call.
internal static class RoutingRuleCheck
{
    public const int MostRules = 500;
    private const int MostAccounts = 20;
    private const int MostListed = 300;
    private const int LongestName = 200;

    /// Pointers are into the set: `/rules/0/countries/1`.
    public static IReadOnlyList<SettingProblem> Of(IReadOnlyList<RoutingRule> rules, ProviderAccounts accounts)
    {
        var problems = new List<SettingProblem>();
        Check(rules.Count <= MostRules, "/rules", "too_many", $"At most {MostRules} rules", problems);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, rule) in rules.Take(MostRules).Index())
        {
            var at = $"/rules/{i}";
            Check(AccountRules.KeyForm().IsMatch(rule.Key) && rule.Key != AccountRoute.Pinned, $"{at}/key", "invalid_key", "1 to 63 of a-z 0-9 _ -; pinned is taken", problems);
            Check(keys.Add(rule.Key), $"{at}/key", "duplicate_key", "Another rule is called so", problems);
            CheckList(rule.Channels, $"{at}/channels", name => ChannelNames.Expand(name).Count > 0, "unknown_channel", "Use push, sms, email or one channel like ios_push", problems);
            CheckList(rule.Countries, $"{at}/countries", Place.IsCountry, "unknown_country", "Use two capital letters of ISO 3166", problems);
            CheckList(rule.Apps, $"{at}/apps", app => AccountRules.AppForm().IsMatch(app), "invalid_app", "Use a bundle id or package", problems);
            CheckList(rule.Categories, $"{at}/categories", IsName, "invalid_text", "Use the key of a category", problems);
            CheckList(rule.Templates, $"{at}/templates", IsName, "invalid_text", "Use the key of a template", problems);
            Check(rule.Accounts.Length is > 0 and <= MostAccounts, $"{at}/accounts", "invalid_count", "Name 1 to 20 accounts", problems);
            CheckList(rule.Accounts, $"{at}/accounts", key => accounts.Find(key) is not null, "unknown_provider", "There is no provider account of this key", problems);
        }
        return problems;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && !text.Any(char.IsControl);

    // A call may send null in a list, whatever its type says.
    private static void CheckList(string?[] values, string pointer, Func<string, bool> isValid, string code, string message, List<SettingProblem> problems)
    {
        Check(values.Length <= MostListed, pointer, "too_many", $"At most {MostListed}", problems);
        foreach (var (i, value) in values.Take(MostListed).Index()) Check(value is not null && isValid(value), $"{pointer}/{i}", code, message, problems);
    }

    private static void Check(bool holds, string pointer, string code, string message, List<SettingProblem> problems)
    {
        if (!holds) problems.Add(new SettingProblem(pointer, code, message));
    }
}
