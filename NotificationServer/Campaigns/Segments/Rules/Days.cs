using System.Globalization;

namespace NotificationServer.Campaigns.Segments.Rules;

/// Conditions on days, from the calendar and from today. A day is one in UTC.
internal static class Days
{
    public const int Most = 36_500;
    private const string Today = "(now() at time zone 'UTC')::date";

    public static readonly string[] Ops = ["before", "on_or_after", "within_last_days", "more_than_days_ago", "within_next_days", "anniversary_in_days"];

    public static bool IsOp(string op) => Ops.Contains(op);

    /// Of an expression that is a day.
    public static string OfDay(RuleCondition rule, string day) => rule.Op switch
    {
        "before" or "on_or_after" when TryDay(rule, out var given) => $"{day} {(rule.Op == "before" ? "<" : ">=")} {given}::date",
        "within_last_days" when rule.TryNumber(out var days, 0, Most) => $"{day} between {Today} - {rule.Add(days)}::integer and {Today}",
        "more_than_days_ago" when rule.TryNumber(out var days, 0, Most) => $"{day} < {Today} - {rule.Add(days)}::integer",
        "within_next_days" when rule.TryNumber(out var days, 0, Most) => $"{day} between {Today} and {Today} + {rule.Add(days)}::integer",
        "anniversary_in_days" when rule.TryNumber(out var days, 0, 366) => $"is_anniversary({day}, {Today} + {rule.Add(days)}::integer)",
        _ => "false", // what is wrong was said
    };

    /// Of a column that is an instant: compared as such, so that its index is of use.
    public static string OfInstant(RuleCondition rule, string column) => rule.Op switch
    {
        "before" or "on_or_after" when TryDay(rule, out var given) => $"{column} {(rule.Op == "before" ? "<" : ">=")} ({given}::date::timestamp at time zone 'UTC')",
        "within_last_days" when rule.TryNumber(out var days, 0, Most) => $"{column} >= now() - make_interval(days => {rule.Add(days)}::integer)",
        "more_than_days_ago" when rule.TryNumber(out var days, 0, Most) => $"{column} < now() - make_interval(days => {rule.Add(days)}::integer)",
        "anniversary_in_days" when rule.TryNumber(out var days, 0, 366) => $"is_anniversary(({column} at time zone 'UTC')::date, {Today} + {rule.Add(days)}::integer)",
        _ => "false", // likewise
    };

    private static bool TryDay(RuleCondition rule, out string given)
    {
        given = "";
        if (!rule.TryText(out var text)) return false;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            rule.Wrong("value", "invalid_date", "Use a day like 2026-11-30");
            return false;
        }
        given = rule.Add(day);
        return true;
    }
}
