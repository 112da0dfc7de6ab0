using Microsoft.AspNetCore.WebUtilities;

namespace NotificationServer.Admin.Ui;

/// The page that is being shown, with another filter, order or place: its state is its URL, so a pasted link shows the same thing.
internal static class Here
{
    /// Where a list goes on; means nothing under another filter or order.
    private static readonly string[] Cursors = ["cursor", "after", "before"];

    /// Null takes a parameter away.
    public static string With(HttpRequest request, params (string Name, string? Value)[] changes)
    {
        var query = request.Query
            .Where(given => !Cursors.Contains(given.Key, StringComparer.OrdinalIgnoreCase)
                && !changes.Any(change => change.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase)))
            .SelectMany(given => given.Value.Where(value => !string.IsNullOrEmpty(value)).Select(value => KeyValuePair.Create(given.Key, value)))
            .Concat(changes.Where(change => change.Value is not null).Select(change => KeyValuePair.Create(change.Name, change.Value)));
        return QueryHelpers.AddQueryString(request.PathBase + request.Path, query);
    }
}
