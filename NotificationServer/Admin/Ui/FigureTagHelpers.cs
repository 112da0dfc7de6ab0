using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `figure-tile label="Waiting" value="1,204" detail="oldest 3 min" tone="fail" href="/admin/queues"`: one figure, and the way to its
/// rows. Its content (a sparkline) comes below. Stands in `div class="tiles"`.
public sealed class FigureTileTagHelper : TagHelper
{
    public required string Label { get; set; }

    public required string Value { get; set; }

    public string? Detail { get; set; }

    /// ok, wait, warn, fail or off; colour only for what needs a person.
    public string? Tone { get; set; }

    public string? Href { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var below = await output.GetChildContentAsync();
        var isLink = !string.IsNullOrEmpty(Href);
        output.TagName = isLink ? "a" : "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", string.IsNullOrEmpty(Tone) ? "tile" : $"tile tile-{Tone}");
        if (isLink) output.Attributes.SetAttribute("href", Href);
        output.Content.AppendHtml("<span class=\"tile-label\">").Append(Label).AppendHtml("</span>");
        output.Content.AppendHtml(Value is "0" or "–" ? "<span class=\"figure figure-none\">" : "<span class=\"figure\">").Append(Value).AppendHtml("</span>");
        output.Content.AppendHtml("<span class=\"tile-detail\">").Append(Detail ?? "").AppendHtml("</span>");
        if (!below.IsEmptyOrWhiteSpace) output.Content.AppendHtml(below);
    }
}

/// `progress-bar value="12" max="100" label="12 of 100 requeued"`: how far long work is.
[HtmlTargetElement("progress-bar", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ProgressBarTagHelper : TagHelper
{
    public required double Value { get; set; }

    public required double Max { get; set; }

    public required string Label { get; set; }

    public string? Tone { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", string.IsNullOrEmpty(Tone) ? "progress" : $"progress progress-{Tone}");
        output.Content.AppendHtml("<progress value=\"").Append(Number(Math.Min(Value, Max))).AppendHtml("\" max=\"").Append(Number(Math.Max(Max, 1)))
            .AppendHtml("\" aria-label=\"").Append(Label).AppendHtml("\"></progress><span>").Append(Label).AppendHtml("</span>");
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
