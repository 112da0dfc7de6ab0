using System.Text.RegularExpressions;

namespace NotificationServer.Campaigns.Segments.Rules;

/// Devices that are in use: one that fits is enough, and two conditions may be about two of them.
internal static partial class DeviceFields
{
    private static readonly string[] Platforms = ["ios", "android", "web", "windows", "macos"];

    public static string Any(RuleCondition rule)
    {
        rule.Allow();
        return rule.Op is "exists" or "missing" ? rule.NoValue(Having(rule.Op == "missing", "true")) : rule.WrongOp("exists", "missing");
    }

    public static string Platform(RuleCondition rule) =>
        Among(rule, "d.platform", Platforms.Contains, "unknown_platform", $"Use {string.Join(", ", Platforms)}");

    public static string App(RuleCondition rule) => Among(rule, "d.app_id", _ => true, "", "");

    public static string Version(RuleCondition rule)
    {
        rule.Allow();
        if (rule.Op is not ("is" or "below" or "at_least")) return rule.WrongOp("is", "below", "at_least");
        if (!rule.TryText(out var version)) return "false";
        if (!Numbers().IsMatch(version)) return rule.Wrong("value", "invalid_version", "Numbers with dots between them, as 5.10.2");
        var sign = rule.Op switch { "is" => "=", "below" => "<", _ => ">=" };
        return Having(false, $"version_in(d.app_version) {sign} version_in({rule.Add(version)}::text)");
    }

    private static string Among(RuleCondition rule, string column, Func<string, bool> isValid, string code, string message)
    {
        rule.Allow();
        if (rule.Op is not ("in" or "not_in")) return rule.WrongOp("in", "not_in");
        return rule.TryTexts(out var values, isValid, code, message) ? Having(rule.Op == "not_in", $"{column} = any({rule.Add(values)}::text[])") : "false";
    }

    private static string Having(bool not, string condition) =>
        $"{(not ? "not " : "")}exists (select from devices d where d.user_id = u.id and d.retired_at is null and {condition})";

    [GeneratedRegex(@"\Av?[0-9]{1,9}(\.[0-9]{1,9}){0,9}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
