using NotificationServer.Platform;

namespace NotificationServer.Campaigns.Segments.Rules;

/// `{"field": "segment", "op": "in", "value": ["seg_..."]}`: of lists only, so that no segment can be part of itself.
internal static class ListField
{
    public static string Compile(RuleCondition rule)
    {
        rule.Allow();
        if (rule.Op is not ("in" or "not_in")) return rule.WrongOp("in", "not_in");
        if (!rule.TryTexts(out var texts, text => PrefixedId.TryParse(SegmentId.Prefix, text, out _), "invalid_id", "Use the id of a list: seg_...")) return "false";

        var ids = Array.ConvertAll(texts, text => PrefixedId.TryParse(SegmentId.Prefix, text, out var id) ? id : default); // all of them are
        foreach (var (place, id) in ids.Index()) rule.Refer(ReferenceKind.Segment, id.ToString(), $"value/{place}");
        return $"{(rule.Op == "in" ? "" : "not ")}{Membership(rule.Add(ids))}";
    }

    public static string Membership(string ids) => $"exists (select from segment_members l where l.user_id = u.id and l.segment_id = any({ids}::uuid[]))";
}
