using System.Globalization;

namespace NotificationServer.Templates.Functions;

/// `{{number value decimals=2}}` and `{{percent value}}`, as the reader's language writes them.
internal static class Numbers
{
    private const int MostDecimals = 10;
    private static readonly string[] Plain = Formats('N');
    private static readonly string[] Percents = Formats('P');

    public static Evaluation? Number(CallParts parts)
    {
        if (!parts.TryWhole(parts.Literal("decimals"), parts.Named("decimals") is not null, 0, MostDecimals, -1, "decimals", out var decimals)) return null;
        var (given, subject) = (parts[0], parts.Subject);
        return (in values, speech) =>
        {
            var number = Values.NumberOr(given(values, speech), subject);
            return decimals < 0 ? Say(number, speech.Culture) : number.ToString(Plain[decimals], speech.Culture);
        };
    }

    public static Evaluation? Percent(CallParts parts)
    {
        if (!parts.TryWhole(parts.Literal("decimals"), parts.Named("decimals") is not null, 0, MostDecimals, 0, "decimals", out var decimals)) return null;
        var (given, subject, format) = (parts[0], parts.Subject, Percents[decimals]);
        return (in values, speech) =>
        {
            var number = Values.NumberOr(given(values, speech), subject);
            return Math.Abs(number) < decimal.MaxValue / 100 ? number.ToString(format, speech.Culture) : throw new RenderStopped($"cannot say {subject} in percent: it is too large");
        };
    }

    /// With as many decimals as there are, at most three.
    public static string Say(decimal number, CultureInfo culture)
    {
        var rounded = Shortest(number);
        return rounded.ToString(Plain[rounded.Scale], culture);
    }

    /// At most three decimals, and no zeros at the end.
    public static decimal Shortest(decimal number) => Math.Round(number, 3, MidpointRounding.AwayFromZero) / 1.000000000000000000000000000m;

    private static string[] Formats(char letter) => [.. Enumerable.Range(0, MostDecimals + 1).Select(n => $"{letter}{n}")];
}
