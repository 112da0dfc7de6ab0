namespace NotificationServer.Campaigns.Segments.Rules;

/// What can be asked of a person.
internal static class RuleFields
{
    public const string Attributes = "attributes.";

    private static readonly Dictionary<string, Func<RuleCondition, string>> Known = new(StringComparer.Ordinal)
    {
        ["country"] = PersonFields.Country,
        ["locale"] = PersonFields.Locale,
        ["time_zone"] = PersonFields.TimeZone,
        ["tags"] = PersonFields.Tags,
        ["created_at"] = PersonFields.CreatedAt,
        ["email"] = PersonFields.Email,
        ["phone"] = PersonFields.Phone,
        ["device"] = DeviceFields.Any,
        ["device.platform"] = DeviceFields.Platform,
        ["device.app_id"] = DeviceFields.App,
        ["device.app_version"] = DeviceFields.Version,
        ["preference"] = PreferenceField.Compile,
        ["engagement"] = HistoryFields.Engagement,
        ["received"] = HistoryFields.Received,
        ["segment"] = ListField.Compile,
    };

    public static string Compile(RuleCondition condition) => condition.Field switch
    {
        "" => "false", // said already
        _ when Known.TryGetValue(condition.Field, out var field) => field(condition),
        _ when condition.Field.StartsWith(Attributes, StringComparison.Ordinal) => AttributeField.Compile(condition),
        _ => condition.Wrong("field", "unknown_field", $"Use {string.Join(", ", Known.Keys)} or {Attributes}NAME"),
    };
}
