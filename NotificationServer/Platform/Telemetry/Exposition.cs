using System.Globalization;
using System.Text;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace NotificationServer.Platform.Telemetry;

/// Prometheus' text: its own format (0.0.4), or OpenMetrics 1.0, which names the family of a counter without `_total`.
internal static class Exposition
{
    public const string Plain = "text/plain; version=0.0.4; charset=utf-8", Open = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    public static void Write(StringBuilder to, Family family, long turn, bool openMetrics)
    {
        var all = family.At(turn).ToList();
        if (all.Count == 0) return;
        var unit = UnitOf(family);
        var name = NameOf(family.Name, unit);
        var sample = family.Kind == FamilyKind.Counter ? $"{name}_total" : name;
        var head = openMetrics ? name : sample;
        if (family.Help.Length > 0) to.Append("# HELP ").Append(head).Append(' ').Append(Escaped(family.Help, quotes: openMetrics)).Append('\n');
        to.Append("# TYPE ").Append(head).Append(' ').Append(family.Kind switch
        {
            FamilyKind.Counter => "counter",
            FamilyKind.Gauge => "gauge",
            FamilyKind.Histogram => "histogram",
        }).Append('\n');
        if (unit.Length > 0) to.Append("# UNIT ").Append(head).Append(' ').Append(unit).Append('\n');
        foreach (var (tags, series) in all)
        {
            if (family.Kind == FamilyKind.Histogram) WriteSteps(to, name, tags, series, family.Bounds);
            else Line(to, sample, tags, null, series.Value);
        }
    }

    /// Dots become underscores, and the unit is part of the name.
    public static string NameOf(string name, string unit)
    {
        var plain = Legal(name, colons: true);
        if (plain.EndsWith("_total", StringComparison.Ordinal)) plain = plain[..^"_total".Length];
        return unit.Length == 0 || plain.EndsWith($"_{unit}", StringComparison.Ordinal) ? plain : $"{plain}_{unit}";
    }

    public static string UnitOf(Family family) => family.Unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "%" => "percent",
        "1" when family.Kind == FamilyKind.Gauge => "ratio",
        _ => "", // {message} and the like say what is counted, and are no unit
    };

    private static void WriteSteps(StringBuilder to, string name, Tag[] tags, Series series, double[] bounds)
    {
        var counts = series.Counts();
        var sum = series.Value;
        var below = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            below += counts[i];
            Line(to, $"{name}_bucket", tags, i < bounds.Length ? Step(bounds[i]) : "+Inf", below);
        }
        Line(to, $"{name}_sum", tags, null, sum);
        Line(to, $"{name}_count", tags, null, below);
    }

    private static void Line(StringBuilder to, string name, Tag[] tags, string? step, double value)
    {
        to.Append(name);
        if (tags.Length > 0 || step is not null)
        {
            to.Append('{');
            var first = true;
            foreach (var tag in tags) Label(to, Legal(tag.Key, colons: false), Text(tag.Value), ref first);
            if (step is not null) Label(to, "le", step, ref first);
            to.Append('}');
        }
        to.Append(' ').Append(Number(value)).Append('\n');
    }

    private static void Label(StringBuilder to, string name, string value, ref bool first)
    {
        if (!first) to.Append(',');
        first = false;
        to.Append(name).Append("=\"").Append(Escaped(value, quotes: true)).Append('"');
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool yes => yes ? "true" : "false",
        IFormattable some => some.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Escaped(string text, bool quotes)
    {
        var plain = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? plain.Replace("\"", "\\\"", StringComparison.Ordinal) : plain;
    }

    private static string Legal(string name, bool colons)
    {
        var legal = string.Create(name.Length, (name, colons), static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsAsciiLetterOrDigit(from.name[i]) || (from.colons && from.name[i] == ':') ? from.name[i] : '_';
        });
        return legal.Length == 0 || char.IsAsciiDigit(legal[0]) ? $"_{legal}" : legal;
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    // 1.0 rather than 1: OpenMetrics wants to see that it is no whole number.
    private static string Step(double bound) => Number(bound) is var text && text.All(char.IsAsciiDigit) ? $"{text}.0" : text;
}
