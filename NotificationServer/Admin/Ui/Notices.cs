using System.Text.Json;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace NotificationServer.Admin.Ui;

/// What was done, said on the next page that this person sees; with the way back where there is one.
internal sealed record Notice(string Text, string Tone, string? UndoLabel, string? UndoUrl)
{
    private const string Key = "notice";

    /// What is posted along, as Undoing made it.
    public string? Was { get; init; }

    public static void Leave(ITempDataDictionary data, Notice notice) => data[Key] = JsonSerializer.Serialize(notice);

    public static Notice? Take(ITempDataDictionary data) => data[Key] is string text ? JsonSerializer.Deserialize<Notice>(text) : null;
}

internal static class Notices
{
    /// <paramref name="undo"/> is posted to, so its URL names a handler: `/admin/users/u_1?handler=Unblock`.
    public static void Say(this PageModel page, string text, string tone = "ok", (string Label, string Url)? undo = null) =>
        Notice.Leave(page.TempData, new Notice(text, tone, undo?.Label, undo?.Url));

    /// With the way back to what <paramref name="was"/>, which the handler at the URL gets under that name; null: there is none.
    public static void SayUndoably(this PageModel page, string text, string url, string? was) =>
        Notice.Leave(page.TempData, was is null ? new Notice(text, "ok", null, null) : new Notice(text, "ok", "Undo", url) { Was = was });

    /// The answer of a handler that cannot bring it back.
    public static void SayNotUndone(this PageModel page) =>
        page.Say("It was not undone: somebody changed it since, or it is too long ago.", "warn");
}
