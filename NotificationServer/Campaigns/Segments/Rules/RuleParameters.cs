using System.Globalization;

namespace NotificationServer.Campaigns.Segments.Rules;

/// The values of rules, which are never part of a statement's text.
internal sealed class RuleParameters
{
    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object> Values => values;

    /// How the statement names it.
    public string Add(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"s{values.Count}");
        values.Add(name, value);
        return "@" + name;
    }
}
