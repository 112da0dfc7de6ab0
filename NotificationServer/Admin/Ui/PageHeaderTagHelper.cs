using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `page-header title="..." sentence="..."`: the answer before the data; its content are the actions.
public sealed class PageHeaderTagHelper : TagHelper
{
    public required string Title { get; set; }

    /// What a tired person needs to know, in one sentence.
    public string? Sentence { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var actions = await output.GetChildContentAsync();
        output.TagName = "header";
        output.Attributes.SetAttribute("class", "page-header");
        output.Content.AppendHtml("<div><h1>").Append(Title).AppendHtml("</h1>");
        if (Sentence is not null) output.Content.AppendHtml("<p class=\"sentence\">").Append(Sentence).AppendHtml("</p>");
        output.Content.AppendHtml("</div>");
        if (!actions.IsEmptyOrWhiteSpace) output.Content.AppendHtml("<div class=\"actions\">").AppendHtml(actions).AppendHtml("</div>");
    }
}

/// `empty-state icon="inbox" title="..."`: why nothing is here and what to do about it.
public sealed class EmptyStateTagHelper : TagHelper
{
    public required string Icon { get; set; }

    public required string Title { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var advice = await output.GetChildContentAsync();
        output.TagName = "div";
        output.Attributes.SetAttribute("class", "empty");
        output.Content.AppendHtml(IconTagHelper.Svg(Icon)).AppendHtml("<h2>").Append(Title).AppendHtml("</h2>").AppendHtml(advice);
    }
}

/// `pager older="url" newest="url"`: cursor paging; there are no page numbers because nobody counts a growing list.
[HtmlTargetElement("pager", TagStructure = TagStructure.WithoutEndTag)]
public sealed class PagerTagHelper : TagHelper
{
    public string? Newest { get; set; }

    public string? Older { get; set; }

    /// For lists that are in another order than that of time.
    public string NewestWord { get; set; } = "Newest";

    public string OlderWord { get; set; } = "Older";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (string.IsNullOrEmpty(Newest) && string.IsNullOrEmpty(Older)) // Razor turns null into an empty attribute
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "nav";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "pager");
        output.Attributes.SetAttribute("aria-label", "Pages");
        Link(output.Content, Newest, NewestWord, "back", iconFirst: true);
        Link(output.Content, Older, OlderWord, "forward", iconFirst: false);
    }

    private static void Link(TagHelperContent content, string? url, string word, string icon, bool iconFirst)
    {
        if (string.IsNullOrEmpty(url))
        {
            content.AppendHtml("<span></span>");
            return;
        }

        content.AppendHtml("<a href=\"").Append(url).AppendHtml("\">");
        if (iconFirst) content.AppendHtml(IconTagHelper.Svg(icon));
        content.Append(word);
        if (!iconFirst) content.AppendHtml(IconTagHelper.Svg(icon));
        content.AppendHtml("</a>");
    }
}
