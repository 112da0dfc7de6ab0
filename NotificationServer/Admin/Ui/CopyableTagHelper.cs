using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `copyable value="..."`: an id, an address: in full, selectable, and one click to copy where scripts run.
[HtmlTargetElement("copyable", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CopyableTagHelper : TagHelper
{
    public required string Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "copyable");
        output.Content.AppendHtml("<code>");
        output.Content.Append(Value);
        output.Content.AppendHtml("</code><button type=\"button\" class=\"quiet\" data-copy hidden>");
        output.Content.AppendHtml(IconTagHelper.Svg("copy"));
        output.Content.AppendHtml("""<span class="sr">Copy</span></button>""");
    }
}
