using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `channel-badge name="ios_push"`: the channel as icon and words.
[HtmlTargetElement("channel-badge", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ChannelBadgeTagHelper : TagHelper
{
    public required string Name { get; set; }

    /// Only the icon, with the words for those who do not see it.
    public bool Compact { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Compact ? "channel channel-compact" : "channel");
        if (Compact) output.Attributes.SetAttribute("title", Words.Channel(Name));
        output.Content.SetHtmlContent(IconTagHelper.Svg(Words.IsChannel(Name) || Name == "push" ? Name : "off"));
        output.Content.AppendHtml(Compact ? """<span class="sr">""" : "<span>");
        output.Content.Append(Words.Channel(Name));
        output.Content.AppendHtml("</span>");
    }
}

/// `status-badge value="queued"`: colour, icon and word together, so that it also works in greyscale.
[HtmlTargetElement("status-badge", TagStructure = TagStructure.WithoutEndTag)]
public sealed class StatusBadgeTagHelper : TagHelper
{
    public required string Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var tone = Words.Tone(Value);
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"status status-{tone}");
        output.Content.SetHtmlContent(IconTagHelper.Svg(tone));
        output.Content.Append(Words.Status(Value));
    }
}
