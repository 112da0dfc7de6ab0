using System.Globalization;

namespace NotificationServer.Benchmarks;

/// The words behind a command. One that is not known is refused with the usage: a misspelt option must not start half an hour of something else.
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> options = [];
    private readonly string usage;

    /// Switches stand alone, values are followed by one; every other word must be a name that is known. Throws UsageException.
    public CommandLine(IReadOnlyList<string> words, string usage, IReadOnlyList<string> switches, IReadOnlyList<string> values, Predicate<string>? isName = null)
    {
        this.usage = usage;
        for (var at = 0; at < words.Count; at++)
        {
            var word = words[at];
            if (switches.Contains(word)) options[word] = "";
            else if (values.Contains(word) && at + 1 < words.Count) options[word] = words[++at];
            else if (isName?.Invoke(word) == true) Names.Add(word);
            else throw new UsageException(usage);
        }
    }

    public List<string> Names { get; } = [];

    public bool Has(string option) => options.ContainsKey(option);

    public string? Value(string option) => options.GetValueOrDefault(option);

    public int Number(string option, int otherwise, int atLeast = 1)
    {
        if (Value(option) is not { } given) return otherwise;
        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= atLeast ? number : throw new UsageException(usage);
    }

    public TimeSpan Minutes(string option, double otherwise)
    {
        if (Value(option) is not { } given) return TimeSpan.FromMinutes(otherwise);
        return double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 1440
            ? TimeSpan.FromMinutes(minutes) : throw new UsageException(usage);
    }
}
