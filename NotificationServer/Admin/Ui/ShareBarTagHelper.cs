using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// A part of a whole. Tone: as of a chart.
public sealed record Share(string Name, string Tone, double Value);

/// `share-bar label="1,000 people" parts="…"`: how a whole is made up, as one bar. What it says must stand beside it in words.
[HtmlTargetElement("share-bar", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ShareBarTagHelper : TagHelper
{
    private const double Width = 1000;

    public required string Label { get; set; }

    public required IReadOnlyList<Share> Parts { get; set; }

    /// Null: their sum.
    public double? Whole { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "share-bar");
        output.Attributes.SetAttribute("viewBox", $"0 0 {Width} 10");
        output.Attributes.SetAttribute("preserveAspectRatio", "none");
        output.Attributes.SetAttribute("role", "img");
        output.Attributes.SetAttribute("aria-label", Label);
        var whole = Math.Max(Whole ?? Parts.Sum(part => part.Value), 1e-9);
        var at = 0.0;
        foreach (var part in Parts.Where(part => part.Value > 0))
        {
            var width = Math.Min(Width - at, Math.Max(2, Width * part.Value / whole)); // the smallest part can still be seen
            output.Content.AppendHtml($"""<rect class="tone-{part.Tone}" x="{Text(at)}" width="{Text(width)}" height="10"><title>{HtmlEncoder.Default.Encode($"{part.Name}: {part.Value.ToString("N0", CultureInfo.InvariantCulture)}")}</title></rect>""");
            at += width;
        }
    }

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
