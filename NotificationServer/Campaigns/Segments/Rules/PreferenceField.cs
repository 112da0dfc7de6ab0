using NotificationServer.Channels;

namespace NotificationServer.Campaigns.Segments.Rules;

/// What a person wants: `{"field": "preference", "op": "is", "value": "in", "channel": "email", "category": "offers"}`. By the same rules as a
/// send: a word about the very channel outweighs one about its family, and where nothing was said the category's default counts.
internal static class PreferenceField
{
    private static readonly string[] Families = ["push", "sms", "email"];

    public static string Compile(RuleCondition rule)
    {
        rule.Allow("channel", "category");
        if (rule.Op != "is") return rule.WrongOp("is");
        var (hasValue, hasChannel, hasCategory) = (rule.TryText(out var value), rule.TryText(out var channel, "channel"), rule.TryOptional("category", out var category));
        if (!hasValue || !hasChannel || !hasCategory) return "false";
        if (value is not ("in" or "out")) return rule.Wrong("value", "unknown_value", "Use in or out");
        if (ChannelNames.Expand(channel).Count == 0) return rule.Wrong("channel", "unknown_channel", "Use push, sms, email, ios_push, android_push or web_push");

        var exact = rule.Add(channel);
        var names = rule.Add(Families.Contains(channel) ? (string[])[channel] : [channel, ChannelNames.Parse(channel).Family().Name()]);
        var wants = $"coalesce({Said(exact, names, "''")}, true)";
        if (category is not null)
        {
            rule.Refer(ReferenceKind.Category, category, "category");
            var key = rule.Add(category);
            wants = $"({wants} and coalesce({Said(exact, names, $"{key}::text")}, (select c.default_opt_in from categories c where c.key = {key}::text), true))";
        }
        return value == "in" ? wants : $"not {wants}";
    }

    private static string Said(string exact, string names, string category) =>
        $"(select p.opt_in from preferences p where p.user_id = u.id and p.channel = any({names}::text[]) and p.category = {category} order by p.channel = {exact}::text desc limit 1)";
}
