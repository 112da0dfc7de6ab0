using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `th sort-by="last_seen"`: orders the list by this column; once more turns it round. `-last_seen` is descending.
[HtmlTargetElement("th", Attributes = "sort-by")]
public sealed class SortByTagHelper : TagHelper
{
    public required string SortBy { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!; // set by Razor

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var request = ViewContext.HttpContext.Request;
        var current = request.Query["sort"].ToString();
        var (rises, falls) = (current == SortBy, current == "-" + SortBy);
        var label = await output.GetChildContentAsync();

        output.Attributes.SetAttribute("scope", "col");
        if (rises || falls) output.Attributes.SetAttribute("aria-sort", rises ? "ascending" : "descending");
        output.Content.AppendHtml("<a class=\"sort\" href=\"").Append(Here.With(request, ("sort", falls ? SortBy : "-" + SortBy))).AppendHtml("\">");
        output.Content.AppendHtml(label);
        if (rises || falls) output.Content.AppendHtml(IconTagHelper.Svg(rises ? "up" : "down"));
        output.Content.AppendHtml("</a>");
    }
}

/// `active-filter name="provider" label="Provider" text="sendgrid-eu"`: a filter that is on, and the way to take it off.
[HtmlTargetElement("active-filter", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ActiveFilterTagHelper : TagHelper
{
    public required string Name { get; set; }

    public required string Label { get; set; }

    /// What people call the value; else the value itself.
    public string? Text { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!; // set by Razor

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var request = ViewContext.HttpContext.Request;
        var value = request.Query[Name].ToString();
        if (string.IsNullOrWhiteSpace(value))
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "a";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "active-filter");
        output.Attributes.SetAttribute("href", Here.With(request, (Name, null)));
        output.Content.AppendHtml("<span class=\"muted\">").Append(Label).AppendHtml("</span> ");
        output.Content.Append(string.IsNullOrEmpty(Text) ? value : Text);
        output.Content.AppendHtml(IconTagHelper.Svg("fail")).AppendHtml("<span class=\"sr\">: remove this filter</span>");
    }
}
