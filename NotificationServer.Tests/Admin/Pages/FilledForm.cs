using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace NotificationServer.Tests.Admin.Pages;

/// A form as it stands on a page: what a browser would send if nobody touched it.
internal static class FilledForm
{
    public static (string Name, string Value)[] On(string page, string form)
    {
        using var document = new HtmlParser().ParseDocument(page);
        return [.. document.QuerySelectorAll($"{form} :is(input, select, textarea)[name]").Select(Field).OfType<(string Name, string Value)>().Where(field => field.Name != "__RequestVerificationToken")];
    }

    /// The same with other words in one field.
    public static (string Name, string Value)[] With(this (string Name, string Value)[] fields, string name, string value) =>
        [.. fields.Select(field => field.Name == name ? (name, value) : field)];

    private static (string Name, string Value)? Field(IElement element) => element switch
    {
        IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } => null,
        IHtmlInputElement input => (input.Name!, input.Value), // only those with a name
        IHtmlSelectElement select => (select.Name!, select.Value ?? ""),
        IHtmlTextAreaElement area => (area.Name!, area.Value.ReplaceLineEndings("\r\n")),
        _ => null,
    };
}
