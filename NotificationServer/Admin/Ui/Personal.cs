using System.Security.Claims;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NotificationServer.Admin.Identity;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Admin.Ui;

/// Addresses, numbers and device tokens: whole for those who work with people, masked for those who work with queues.
internal static class Personal
{
    public static bool IsWholeFor(ClaimsPrincipal person) => person.IsInRole(Roles.Administrator) || person.IsInRole(Roles.Marketer);

    public static string Text(ClaimsPrincipal person, string? value) =>
        string.IsNullOrEmpty(value) ? "–" : IsWholeFor(person) ? value : Masked.Any(value);
}

/// `personal value="ada@example.org"`: as much of it as this person may see.
[HtmlTargetElement("personal", TagStructure = TagStructure.WithoutEndTag)]
public sealed class PersonalTagHelper : TagHelper
{
    public string? Value { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!; // set by Razor

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var person = ViewContext.HttpContext.User;
        output.TagName = "bdi";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "personal");
        if (!Personal.IsWholeFor(person)) output.Attributes.SetAttribute("title", "Masked: marketers and administrators see it whole");
        output.Content.SetContent(Personal.Text(person, Value));
    }
}
