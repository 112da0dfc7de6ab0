using NotificationServer.Channels.Accounts;

namespace NotificationServer.Admin.Pages.Providers;

/// A routing rule as it is typed: words with spaces or commas between them.
internal sealed class RuleRow
{
    public string? Key { get; set; }
    public string? Channels { get; set; }
    public string? Countries { get; set; }
    public string? Apps { get; set; }
    public string? Categories { get; set; }
    public string? Templates { get; set; }
    /// In the order in which they are asked.
    public string? Accounts { get; set; }

    public static RuleRow Of(RoutingRule rule) => new()
    {
        Key = rule.Key, Channels = Text(rule.Channels), Countries = Text(rule.Countries), Apps = Text(rule.Apps), Categories = Text(rule.Categories),
        Templates = Text(rule.Templates), Accounts = Text(rule.Accounts),
    };

    public RoutingRule ToRule() => new()
    {
        Key = Key?.Trim() ?? "", Channels = Words(Channels?.ToLowerInvariant()), Countries = Words(Countries?.ToUpperInvariant()), Apps = Words(Apps), Categories = Words(Categories),
        Templates = Words(Templates), Accounts = Words(Accounts),
    };

    /// Where the form says what a call would be told at this pointer.
    public static string FieldOf(string pointer) => pointer.Split('/') is ["", "rules", var place, var field, ..]
        ? $"Rules[{place}].{char.ToUpperInvariant(field[0])}{field[1..]}" : "";

    private static string Text(string[] words) => string.Join(", ", words);

    private static string[] Words(string? text) => (text ?? "").Split([' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
