using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Primitives;

namespace NotificationServer.Admin.Web;

/// PostgreSQL keeps a NUL in no text. Whatever is typed or pasted has it replaced before any page sees it, so that no page has to think of it.
internal sealed class StorableInput : IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var request = context.HttpContext.Request;
        if (HasNul(request.Query)) request.Query = new QueryCollection(Cleaned(request.Query));
        // Read already, by the check of its token; a form that could not be read is not read again for the page that says so.
        if (context.HttpContext.Features.Get<IFormFeature>()?.Form is { } form && HasNul(form))
            request.Form = new FormCollection(Cleaned(form), form.Files);
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }

    private static bool HasNul(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        fields.Any(field => HasNul(field.Key) || field.Value.Any(HasNul));

    private static bool HasNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    private static Dictionary<string, StringValues> Cleaned(IEnumerable<KeyValuePair<string, StringValues>> fields) => fields
        .GroupBy(field => Cleaned(field.Key), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => new StringValues([.. group.SelectMany(field => field.Value).Select(value => Cleaned(value ?? ""))]), StringComparer.OrdinalIgnoreCase);

    private static string Cleaned(string text) => text.Replace('\0', '\uFFFD');
}
