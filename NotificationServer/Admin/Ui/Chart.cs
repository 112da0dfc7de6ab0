using System.Globalization;

namespace NotificationServer.Admin.Ui;

/// One line of a chart. Tone: accent, ok, wait, warn, fail or off. As many values as the chart has times; NaN: nothing is known.
public sealed record ChartSeries(string Name, string Tone, IReadOnlyList<double> Values);

/// The geometry of a chart: where a value lies, and which round figures its axis shows.
internal sealed class Chart(double width, double height, int points, double most)
{
    public double Top { get; } = NiceTop(most);

    public double X(int point) => points < 2 ? width / 2 : width * point / (points - 1);

    public double Y(double value) => height - (height * Math.Clamp(value / Top, 0, 1));

    public IEnumerable<double> Ticks => [0, Top / 2, Top];

    /// A path through the values; it breaks where nothing is known.
    public string Line(IReadOnlyList<double> values)
    {
        var path = new System.Text.StringBuilder();
        var isDrawing = false;
        for (var n = 0; n < values.Count; n++)
        {
            if (double.IsNaN(values[n]))
            {
                isDrawing = false;
                continue;
            }

            path.Append(isDrawing ? 'L' : 'M').Append(Text(X(n))).Append(' ').Append(Text(Y(values[n])));
            isDrawing = true;
        }

        return path.ToString();
    }

    /// Between two lines, the lower one first.
    public string Area(IReadOnlyList<double> lower, IReadOnlyList<double> upper)
    {
        var there = Enumerable.Range(0, upper.Count).Select(n => $"{Text(X(n))} {Text(Y(upper[n]))}");
        var back = Enumerable.Range(0, lower.Count).Reverse().Select(n => $"{Text(X(n))} {Text(Y(lower[n]))}");
        return $"M{string.Join('L', there.Concat(back))}Z";
    }

    public static string Text(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// 1, 2 or 5 times a power of ten that is not below the highest value, and even enough to be halved.
    private static readonly double[] NiceSteps = [1, 2, 4, 5, 10];

    private static double NiceTop(double most)
    {
        if (double.IsNaN(most) || most <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return NiceSteps.First(step => step * power >= most - (power / 1e6)) * power;
    }
}
