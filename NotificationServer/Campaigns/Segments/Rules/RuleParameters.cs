using System.Globalization;
using NotificationServer.Platform;

namespace NotificationServer.Campaigns.Segments.Rules;

/// The values of rules, which are never part of a statement's text.
internal sealed class RuleParameters
{
    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object> Values => values;

    /// An id that no message of the last days is below, and a day more, so that no clock matters: known before the statement is planned,
    /// it keeps older days' partitions out of it, which costs a fifth of leaving them out person by person.
    public string AddFloor(int days) => Add(PrefixedId.SmallestAt(TimeProvider.System.GetUtcNow().AddDays(-days - 1)));

    /// How the statement names it.
    public string Add(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"s{values.Count}");
        values.Add(name, value);
        return "@" + name;
    }
}
