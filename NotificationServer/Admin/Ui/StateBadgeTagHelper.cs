using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `state-badge tone="warn" text="Paused"`: as the badge of a status, for states that are told in words of their own.
[HtmlTargetElement("state-badge", TagStructure = TagStructure.WithoutEndTag)]
public sealed class StateBadgeTagHelper : TagHelper
{
    /// ok, wait, warn, fail or off.
    public required string Tone { get; set; }

    public required string Text { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"status status-{Tone}");
        output.Content.SetHtmlContent(IconTagHelper.Svg(Tone));
        output.Content.Append(Text);
    }
}
