namespace NotificationServer.Admin.Pages.Segments;

/// What stands beside an operator.
internal enum ValueShape
{
    None,
    /// Several, with commas between them.
    Texts,
    Text,
    Number,
    /// So many days.
    Days,
    Day,
    Platforms,
    Lists,
    /// In or out, with a channel and perhaps a category.
    Wish,
    /// Opened, clicked ..., perhaps within so many days, with one template.
    Deed,
    /// So many within so many days.
    Count,
}

/// Key: how the form calls it. Op and Fixed: what the rule says, where the key is not that.
internal sealed record OpChoice(string Key, string Label, ValueShape Shape, string? Op = null, bool? Fixed = null)
{
    public string RuleOp => Op ?? Key;
}

/// Field: what the rule says; an attribute's is its name.
internal sealed record FieldChoice(string Key, string Label, string Group, OpChoice[] Ops, string Hint = "")
{
    public const string Attribute = "attribute:";

    public bool IsAttribute => Key.StartsWith(Attribute, StringComparison.Ordinal);
}

/// What the rule builder offers: the fields of the rules, in a marketer's words.
internal static class RuleChoices
{
    private static readonly OpChoice Known = new("exists", "is known", ValueShape.None), Unknown = new("missing", "is not known", ValueShape.None);
    private static readonly OpChoice[] Among = [new("in", "is one of", ValueShape.Texts), new("not_in", "is none of", ValueShape.Texts), Known, Unknown];
    private static readonly OpChoice[] Presence = [Known, Unknown];
    private static readonly OpChoice[] Days =
    [
        new("within_last_days", "was within the last", ValueShape.Days), new("more_than_days_ago", "was longer ago than", ValueShape.Days),
        new("on_or_after", "is on or after", ValueShape.Day), new("before", "is before", ValueShape.Day),
        new("anniversary_in_days", "has its anniversary in", ValueShape.Days),
    ];

    public static IReadOnlyList<FieldChoice> Fields { get; } =
    [
        new("country", "Country", "Who they are", Among, "DE, AT"),
        new("locale", "Language", "Who they are", Among, "de, fr-CH"),
        new("time_zone", "Time zone", "Who they are", Among, "Europe/Zurich"),
        new("tags", "Tags", "Who they are", [new("any_of", "have one of", ValueShape.Texts), new("all_of", "have all of", ValueShape.Texts), new("none_of", "have none of", ValueShape.Texts)], "vip, beta"),
        new("created_at", "First known", "Who they are", Days),
        new("email", "E-mail address", "Who they are", Presence),
        new("phone", "Phone number", "Who they are", Presence),
        new("segment", "Lists", "Who they are", [new("in", "they are on", ValueShape.Lists), new("not_in", "they are not on", ValueShape.Lists)]),
        new("attribute:text", "Attribute: text", "What services say of them",
        [
            new("is", "is", ValueShape.Text), new("is_not", "is not", ValueShape.Text), new("in", "is one of", ValueShape.Texts), new("not_in", "is none of", ValueShape.Texts),
            new("contains", "contains", ValueShape.Text), new("not_contains", "does not contain", ValueShape.Text), new("starts_with", "begins with", ValueShape.Text), Known, Unknown,
        ]),
        new("attribute:number", "Attribute: number", "What services say of them",
        [
            new("equals", "is", ValueShape.Number, "is"), new("differs", "is not", ValueShape.Number, "is_not"), new("more_than", "is more than", ValueShape.Number),
            new("at_least", "is at least", ValueShape.Number), new("less_than", "is less than", ValueShape.Number), new("at_most", "is at most", ValueShape.Number),
        ]),
        new("attribute:day", "Attribute: date", "What services say of them", [.. Days, new("within_next_days", "is within the next", ValueShape.Days)]),
        new("attribute:truth", "Attribute: yes or no", "What services say of them",
        [
            new("yes", "is yes", ValueShape.None, "is", true), new("no", "is no", ValueShape.None, "is", false),
            new("not_yes", "is not yes", ValueShape.None, "is_not", true), new("not_no", "is not no", ValueShape.None, "is_not", false),
        ]),
        new("device", "Device", "What they use", [new("exists", "is registered", ValueShape.None), new("missing", "is not registered", ValueShape.None)]),
        new("device.platform", "Device platform", "What they use", [new("in", "is one of", ValueShape.Platforms), new("not_in", "is none of", ValueShape.Platforms)]),
        new("device.app_version", "App version", "What they use", [new("at_least", "is at least", ValueShape.Text), new("below", "is below", ValueShape.Text), new("is", "is", ValueShape.Text)], "5.10"),
        new("device.app_id", "App", "What they use", [new("in", "is one of", ValueShape.Texts), new("not_in", "is none of", ValueShape.Texts)], "org.example.shop"),
        new("preference", "Preference", "What they want and do", [new("is", "is", ValueShape.Wish)]),
        new("engagement", "Engagement", "What they want and do", [new("did", "they have", ValueShape.Deed), new("did_not", "they have not", ValueShape.Deed)]),
        new("received", "Messages received", "What they want and do", [new("at_least", "are at least", ValueShape.Count), new("fewer_than", "are fewer than", ValueShape.Count)]),
    ];

    public static readonly string[] Platforms = ["ios", "android", "web", "windows", "macos"];
    public static readonly string[] Deeds = ["opened", "clicked", "replied", "unsubscribed", "complained"];
    public static readonly string[] Channels = ["email", "sms", "push", "ios_push", "android_push", "web_push"];

    public static FieldChoice Field(string? key) => Fields.FirstOrDefault(field => field.Key == key) ?? Fields[0];

    public static OpChoice Op(FieldChoice field, string? key) => field.Ops.FirstOrDefault(op => op.Key == key) ?? field.Ops[0];

    public static string Platform(string name) => name switch { "ios" => "iOS", "android" => "Android", "web" => "Web", "windows" => "Windows", "macos" => "macOS", _ => name };
}
