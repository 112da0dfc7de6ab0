using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `chart title="In and out" unit="messages a minute" times="…" series="…" kind="line"`: drawn by the server, told by a table as well.
[HtmlTargetElement("chart", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ChartTagHelper : TagHelper
{
    private const double Width = 720, Height = 160;

    public required string Title { get; set; }

    public required string Unit { get; set; }

    public required IReadOnlyList<DateTimeOffset> Times { get; set; }

    public required IReadOnlyList<ChartSeries> Series { get; set; }

    /// line, area (stacked) or bars (stacked).
    public string Kind { get; set; } = "line";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "figure";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "chart");
        Legend(output.Content);
        var chart = new Chart(Width, Height, Times.Count, Most());
        output.Content.AppendHtml("<div class=\"plot\">");
        Axes(output.Content, chart);
        // Stretched to whatever room there is; its words stand beside it, so that they keep their size.
        output.Content.AppendHtml($"""<svg viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{Encoded($"{Title}, {Unit}")}">""");
        foreach (var tick in chart.Ticks) output.Content.AppendHtml($"""<path class="grid" d="M0 {Chart.Text(chart.Y(tick))}H{Width}"/>""");
        if (Kind == "line") Lines(output.Content, chart);
        else Stack(output.Content, chart);
        Hover(output.Content);
        output.Content.AppendHtml("</svg></div>");
        Table(output.Content);
    }

    private double Most() => Kind == "line"
        ? Series.SelectMany(s => s.Values).Where(v => !double.IsNaN(v)).DefaultIfEmpty(0).Max()
        : Enumerable.Range(0, Times.Count).Select(n => Series.Sum(s => Known(s.Values[n]))).DefaultIfEmpty(0).Max();

    private void Legend(TagHelperContent html)
    {
        html.AppendHtml("<figcaption><strong>").Append(Title).AppendHtml("</strong> <span class=\"muted\">").Append(Unit).AppendHtml("</span>");
        if (Series.Count > 1)
            foreach (var one in Series) html.AppendHtml($"<span class=\"legend tone-{one.Tone}\">").Append(one.Name).AppendHtml("</span>");
        html.AppendHtml("</figcaption>");
    }

    private void Axes(TagHelperContent html, Chart chart)
    {
        html.AppendHtml("<div class=\"axis axis-y\" aria-hidden=\"true\">");
        foreach (var tick in chart.Ticks.Reverse()) html.AppendHtml("<span>").Append(Short(tick)).AppendHtml("</span>");
        html.AppendHtml("</div><div class=\"axis axis-x\" aria-hidden=\"true\">");
        foreach (var n in Times.Count < 2 ? [] : new[] { 0, Times.Count / 2, Times.Count - 1 })
            html.AppendHtml($"""<span data-at="{Iso(Times[n])}" data-at-form="{(IsLong ? "day" : "time")}">{Label(Times[n])}</span>""");
        html.AppendHtml("</div>");
    }

    private void Lines(TagHelperContent html, Chart chart)
    {
        foreach (var one in Series) html.AppendHtml($"""<path class="line tone-{one.Tone}" d="{chart.Line(one.Values)}"/>""");
    }

    private void Stack(TagHelperContent html, Chart chart)
    {
        var lower = new double[Times.Count];
        foreach (var one in Series)
        {
            var upper = lower.Select((below, n) => below + Known(one.Values[n])).ToArray();
            html.AppendHtml($"""<path class="area tone-{one.Tone}" d="{(Kind == "area" ? chart.Area(lower, upper) : Bars(chart, lower, upper))}"/>""");
            lower = upper;
        }
    }

    private string Bars(Chart chart, double[] lower, double[] upper)
    {
        var step = Width / Math.Max(Times.Count, 1);
        return string.Concat(Enumerable.Range(0, Times.Count).Where(n => upper[n] > lower[n]).Select(n =>
            $"M{Chart.Text((step * n) + (step * .1))} {Chart.Text(chart.Y(lower[n]))}V{Chart.Text(chart.Y(upper[n]))}h{Chart.Text(step * .8)}V{Chart.Text(chart.Y(lower[n]))}Z"));
    }

    // What stands under the pointer, in words; no script is needed for that.
    private void Hover(TagHelperContent html)
    {
        if (Times.Count == 0) return;
        var step = Width / Times.Count;
        for (var n = 0; n < Times.Count; n++)
        {
            var said = string.Join(", ", Series.Select(s => $"{s.Name} {Figure(s.Values[n])}"));
            html.AppendHtml($"""<rect class="hover" x="{Chart.Text(step * n)}" y="0" width="{Chart.Text(step)}" height="{Height}"><title>{Encoded($"{Words.Exact(Times[n])}: {said}")}</title></rect>""");
        }
    }

    private void Table(TagHelperContent html)
    {
        html.AppendHtml("<details class=\"chart-table\"><summary>As a table</summary><div class=\"scroll\" tabindex=\"0\"><table class=\"table table-small\"><thead><tr><th scope=\"col\">Time</th>");
        foreach (var one in Series) html.AppendHtml("<th scope=\"col\" class=\"number\">").Append(one.Name).AppendHtml("</th>");
        html.AppendHtml("</tr></thead><tbody>");
        for (var n = Times.Count - 1; n >= 0; n--)
        {
            html.AppendHtml($"<tr><th scope=\"row\" data-at=\"{Iso(Times[n])}\" data-at-form=\"exact\">").Append(Words.Exact(Times[n])).AppendHtml("</th>");
            foreach (var one in Series) html.AppendHtml("<td class=\"number\">").Append(Figure(one.Values[n])).AppendHtml("</td>");
            html.AppendHtml("</tr>");
        }

        html.AppendHtml("</tbody></table></div></details>");
    }

    private bool IsLong => Times[^1] - Times[0] > TimeSpan.FromHours(36);

    private string Label(DateTimeOffset at) => at.UtcDateTime.ToString(IsLong ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static double Known(double value) => double.IsNaN(value) ? 0 : value;

    private static string Figure(double value) => double.IsNaN(value) ? "–" : value.ToString(value is > 0 and < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);

    private static string Short(double value) => value switch
    {
        >= 1_000_000 => $"{Chart.Text(value / 1_000_000)}M",
        >= 1_000 => $"{Chart.Text(value / 1_000)}k",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static string Encoded(string text) => System.Text.Encodings.Web.HtmlEncoder.Default.Encode(text);
}

/// `sparkline values="…" label="out a minute, last hour" tone="ok"`: the shape of a figure, as small as a word.
[HtmlTargetElement("sparkline", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SparklineTagHelper : TagHelper
{
    public required IReadOnlyList<double> Values { get; set; }

    public required string Label { get; set; }

    public string Tone { get; set; } = "accent";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var chart = new Chart(96, 22, Values.Count, Values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(0).Max());
        output.TagName = null;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetHtmlContent($"""<svg class="sparkline" viewBox="-1 -1 98 24" preserveAspectRatio="none" role="img" aria-label="{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(Label)}"><title>{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(Label)}</title><path class="line tone-{Tone}" d="{chart.Line(Values)}"/></svg>""");
    }
}
