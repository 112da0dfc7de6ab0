using System.Text.Json;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace NotificationServer.Admin.Ui;

/// What was done, said on the next page that this person sees; with the way back where there is one.
internal sealed record Notice(string Text, string Tone, string? UndoLabel, string? UndoUrl)
{
    private const string Key = "notice";

    public static void Leave(ITempDataDictionary data, Notice notice) => data[Key] = JsonSerializer.Serialize(notice);

    public static Notice? Take(ITempDataDictionary data) => data[Key] is string text ? JsonSerializer.Deserialize<Notice>(text) : null;
}

internal static class Notices
{
    /// <paramref name="undo"/> is posted to, so its URL names a handler: `/admin/users/u_1?handler=Unblock`.
    public static void Say(this PageModel page, string text, string tone = "ok", (string Label, string Url)? undo = null) =>
        Notice.Leave(page.TempData, new Notice(text, tone, undo?.Label, undo?.Url));
}
