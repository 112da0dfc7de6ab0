using NotificationServer.Platform;

namespace NotificationServer.Campaigns.Segments.Rules;

/// What a person was told, and what they did with it.
internal static class HistoryFields
{
    /// As long as messages may be kept.
    private const int MostDays = 1_100;
    private const int MostMessages = 1_000;
    private static readonly string[] Kinds = ["opened", "clicked", "replied", "unsubscribed", "complained"];

    /// `{"field": "engagement", "op": "did", "value": "opened", "within_days": 30, "template": "news"}`. Machines' opens and clicks do not count.
    public static string Engagement(RuleCondition rule)
    {
        rule.Allow("within_days", "template", "campaign");
        if (rule.Op is not ("did" or "did_not")) return rule.WrongOp("did", "did_not");
        if (!rule.TryText(out var kind)) return "false";
        if (!Kinds.Contains(kind)) return rule.Wrong("value", "unknown_kind", $"Use {string.Join(", ", Kinds)}");
        if (!rule.TryOptional("template", out var template)) return "false";
        var days = 0;
        if (rule.Has("within_days") && !rule.TryNumber(out days, 1, MostDays, "within_days")) return "false";
        if (template is not null) rule.Refer(ReferenceKind.Template, template, "template");

        var not = rule.Op == "did_not" ? "not " : "";
        var since = days == 0 ? "" : $"now() - make_interval(days => {rule.Add(days)}::integer)";
        if (rule.Has("campaign"))
        {
            if (!TryCampaign(rule, out var campaign)) return "false";
            var whose = kind is "opened" or "clicked" ? " and e.by_whom = 'human'" : "";
            return $"{not}({Meant(campaign)} and exists (select from messages m join engaged e on e.message_id = m.id and e.kind = {rule.Add(kind)}::text{whose}"
                + (since.Length == 0 ? "" : $" and e.at >= {since}") + (template is null ? "" : $" and e.template = {rule.Add(template)}::text") + $" where m.user_id = u.id and {OfCampaign(campaign)}))";
        }
        return $"{not}exists (select from last_engaged l where l.user_id = u.id and l.kind = {rule.Add(kind)}::text"
            + (template is null ? "" : $" and l.template = {rule.Add(template)}::text") + (since.Length == 0 ? "" : $" and l.at >= {since}") + ")";
    }

    /// `{"field": "received", "op": "at_least", "value": 3, "within_days": 7, "category": "offers"}`: what reached a provider; several devices are told one thing.
    public static string Received(RuleCondition rule)
    {
        rule.Allow("within_days", "template", "category", "channel", "campaign");
        if (rule.Op is not ("at_least" or "fewer_than")) return rule.WrongOp("at_least", "fewer_than");
        if (!rule.TryNumber(out var count, 1, MostMessages) || !rule.TryNumber(out var days, 1, MostDays, "within_days")) return "false";
        if (!rule.TryOptional("template", out var template) || !rule.TryOptional("category", out var category) || !rule.TryOptional("channel", out var channel)) return "false";

        var where = $"m.user_id = u.id and m.id >= {rule.AddFloor(days)}::uuid and m.created_at >= now() - make_interval(days => {rule.Add(days)}::integer) and m.status in ('sent', 'delivered')";
        if (template is not null)
        {
            rule.Refer(ReferenceKind.Template, template, "template");
            where += $" and m.template = {rule.Add(template)}::text";
        }
        if (category is not null)
        {
            rule.Refer(ReferenceKind.Category, category, "category");
            where += $" and exists (select from notifications n where n.id = m.notification_id and n.category = {rule.Add(category)}::text)";
        }
        if (channel is not null)
        {
            var channels = Channels.ChannelNames.Expand(channel);
            if (channels.Count == 0) return rule.Wrong("channel", "unknown_channel", "Use push, sms, email, ios_push, android_push or web_push");
            where += $" and m.channel = any({rule.Add(channels.Select(one => Channels.ChannelNames.Name(one)).ToArray())}::text[])";
        }
        if (rule.Has("campaign"))
        {
            if (!TryCampaign(rule, out var campaign)) return "false";
            where += $" and {Meant(campaign)} and {OfCampaign(campaign)}";
        }
        // One is found three times as fast as all of them are counted.
        if (count == 1) return $"{(rule.Op == "at_least" ? "" : "not ")}exists (select from messages m where {where})";
        return $"(select count(distinct m.notification_id) from messages m where {where}) {(rule.Op == "at_least" ? ">=" : "<")} {rule.Add(count)}::integer";
    }

    private static bool TryCampaign(RuleCondition rule, out string parameter)
    {
        parameter = "";
        if (!rule.TryText(out var text, "campaign")) return false;
        if (!PrefixedId.TryParse("cmp", text, out var id))
        {
            rule.Wrong("campaign", "invalid_id", "Use the id of a campaign: cmp_...");
            return false;
        }
        rule.Refer(ReferenceKind.Campaign, id.ToString(), "campaign");
        parameter = rule.Add(id);
        return true;
    }

    // Asked first: most people are in few campaigns, and their messages need not be looked for.
    private static string Meant(string campaign) =>
        $"exists (select from campaign_recipients c where c.user_id = u.id and c.run_id = any(array(select r.id from campaign_runs r where r.campaign_id = {campaign}::uuid)))";

    // Nothing of a run is older than it.
    private static string OfCampaign(string campaign) =>
        $"m.campaign_run_id = any(array(select r.id from campaign_runs r where r.campaign_id = {campaign}::uuid))"
        + $" and m.id >= coalesce((select uuid_from(min(r.started_at)) from campaign_runs r where r.campaign_id = {campaign}::uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff')";
}
