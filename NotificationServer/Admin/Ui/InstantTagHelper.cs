using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `instant at="..."`: how long ago, with the exact instant on hover. A script keeps it true and puts it into the viewer's zone.
[HtmlTargetElement("instant", TagStructure = TagStructure.WithoutEndTag)]
public sealed class InstantTagHelper(TimeProvider clock) : TagHelper
{
    public required DateTimeOffset At { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("title", Words.Exact(At));
        output.Content.SetContent(Words.Ago(At, clock.GetUtcNow()));
    }
}
