using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Campaigns.Segments.Rules;

internal static class PersonFields
{
    private static readonly string[] OneOf = ["in", "not_in", "exists", "missing"];

    public static string Country(RuleCondition rule) => Among(rule, "u.country", Place.IsCountry, "unknown_country", "Use two capital letters of ISO 3166");

    public static string TimeZone(RuleCondition rule) => Among(rule, "u.time_zone", Place.IsTimeZone, "unknown_time_zone", "Use an IANA zone like Europe/Zurich");

    /// A language stands for all its countries: de is de-CH too, but de-CH is not de.
    public static string Locale(RuleCondition rule)
    {
        rule.Allow();
        if (rule.Op is "exists" or "missing") return Presence(rule, "u.locale");
        if (rule.Op is not ("in" or "not_in")) return rule.WrongOp(OneOf);
        if (!rule.TryTexts(out var tags, Place.IsLocale, "unknown_locale", "Use a BCP 47 tag like de or de-CH")) return "false";

        var exact = rule.Add(tags.Select(tag => tag.ToLowerInvariant()).ToArray());
        var within = rule.Add(tags.Select(tag => tag.ToLowerInvariant() + "-%").ToArray());
        return Unless(rule.Op == "not_in", $"(lower(u.locale) = any({exact}::text[]) or lower(u.locale) like any({within}::text[]))");
    }

    public static string Tags(RuleCondition rule)
    {
        rule.Allow();
        if (rule.Op is not ("any_of" or "all_of" or "none_of")) return rule.WrongOp("any_of", "all_of", "none_of");
        if (!rule.TryTexts(out var tags)) return "false";

        var given = $"{rule.Add(tags)}::text[]";
        return rule.Op switch
        {
            "any_of" => $"u.tags && {given}",
            "all_of" => $"u.tags @> {given}",
            _ => $"not (u.tags && {given})",
        };
    }

    public static string CreatedAt(RuleCondition rule)
    {
        rule.Allow();
        return Days.IsOp(rule.Op) && rule.Op != "within_next_days" ? Days.OfInstant(rule, "u.created_at") : rule.WrongOp([.. Days.Ops.Except(["within_next_days"])]);
    }

    public static string Email(RuleCondition rule) => Only(rule, "u.email");

    public static string Phone(RuleCondition rule) => Only(rule, "u.phone");

    public static string Unless(bool not, string condition) => not ? $"not coalesce({condition}, false)" : condition;

    private static string Only(RuleCondition rule, string column)
    {
        rule.Allow();
        return rule.Op is "exists" or "missing" ? Presence(rule, column) : rule.WrongOp("exists", "missing");
    }

    private static string Among(RuleCondition rule, string column, Func<string, bool> isValid, string code, string message)
    {
        rule.Allow();
        if (rule.Op is "exists" or "missing") return Presence(rule, column);
        if (rule.Op is not ("in" or "not_in")) return rule.WrongOp(OneOf);
        return rule.TryTexts(out var values, isValid, code, message) ? Unless(rule.Op == "not_in", $"{column} = any({rule.Add(values)}::text[])") : "false";
    }

    private static string Presence(RuleCondition rule, string column) => rule.NoValue(rule.Op == "exists" ? $"{column} is not null" : $"{column} is null");
}
