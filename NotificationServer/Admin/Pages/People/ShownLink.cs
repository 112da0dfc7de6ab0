using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace NotificationServer.Admin.Pages.People;

/// A link that lets somebody in: shown on the next page to who made it, and never again. Until then it travels in their own,
/// encrypted cookie; the server keeps its digest only.
internal sealed record ShownLink(string Title, string Text, string Url)
{
    private const string Key = "link";

    public static void Leave(ITempDataDictionary data, ShownLink link) => data[Key] = JsonSerializer.Serialize(link);

    public static ShownLink? Take(ITempDataDictionary data) => data[Key] is string text ? JsonSerializer.Deserialize<ShownLink>(text) : null;
}
