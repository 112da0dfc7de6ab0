using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.Routing;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace NotificationServer.Admin.Ui;

/// `form-field name="Reason" label="Reason" hint="Kept in the audit log."` around one input: its label, what it means, and what is wrong
/// with it. <see cref="Name"/> is its key in the model state.
public sealed class FormFieldTagHelper : TagHelper
{
    public string? Name { get; set; }

    public required string Label { get; set; }

    public string? Hint { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!; // set by Razor

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var input = await output.GetChildContentAsync();
        var error = string.IsNullOrEmpty(Name) ? null
            : ViewContext.ViewData.ModelState.TryGetValue(Name, out var entry) ? entry.Errors.FirstOrDefault()?.ErrorMessage : null;
        output.TagName = "label";
        output.Attributes.SetAttribute("class", error is null ? "field" : "field field-wrong");
        output.Content.AppendHtml("<span>").Append(Label).AppendHtml("</span>");
        if (!string.IsNullOrEmpty(Hint)) output.Content.AppendHtml("<small>").Append(Hint).AppendHtml("</small>");
        output.Content.AppendHtml(input);
        if (error is not null)
            output.Content.AppendHtml("<span class=\"field-error\">").AppendHtml(IconTagHelper.Svg("warn")).Append(error).AppendHtml("</span>");
    }
}

/// `confirm-dialog id="revoke" title="Revoke this key?" handler="Revoke" action="Revoke the key"`: says what will happen, then does it.
/// Opened by `button command="show-modal" commandfor="revoke"`. Its content stands in a form that posts to <see cref="Handler"/>.
public sealed class ConfirmDialogTagHelper(IHtmlGenerator html, IUrlHelperFactory urls) : TagHelper
{
    public required string Id { get; set; }

    public required string Title { get; set; }

    public required string Action { get; set; }

    public string? Handler { get; set; }

    /// The page that it posts to; else this one.
    public string? Page { get; set; }

    /// fail: the action cannot be taken back.
    public string? Tone { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!; // set by Razor

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        var target = urls.GetUrlHelper(ViewContext).Page(string.IsNullOrEmpty(Page) ? null : Page, string.IsNullOrEmpty(Handler) ? null : Handler);
        output.TagName = "dialog";
        output.Attributes.SetAttribute("class", "dialog");
        output.Attributes.SetAttribute("id", Id);
        output.Attributes.SetAttribute("aria-labelledby", $"{Id}-title");
        output.Content.AppendHtml("<form method=\"post\" class=\"stack\" action=\"").Append(target ?? "").AppendHtml("\">");
        output.Content.AppendHtml("<h2 id=\"").Append($"{Id}-title").AppendHtml("\">").Append(Title).AppendHtml("</h2>");
        output.Content.AppendHtml(content);
        output.Content.AppendHtml(html.GenerateAntiforgery(ViewContext));
        output.Content.AppendHtml("<div class=\"dialog-actions\"><button type=\"button\" command=\"close\" commandfor=\"").Append(Id)
            .AppendHtml("\">Cancel</button><button class=\"").Append(Tone == "fail" ? "danger" : "primary").AppendHtml("\">").Append(Action)
            .AppendHtml("</button></div></form>");
    }
}
