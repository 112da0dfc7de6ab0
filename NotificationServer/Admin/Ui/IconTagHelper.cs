using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `icon name="sms"`: decoration only; whatever it says must also be said in words. (Razor sees public tag helpers only.)
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    public required string Name { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetHtmlContent(Svg(Name));
    }

    internal static string Svg(string name) =>
        $"""<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{Icons.Paths(name)}</svg>""";
}
