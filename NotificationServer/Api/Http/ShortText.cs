using NotificationServer.Api.Errors;
using NotificationServer.Platform;

namespace NotificationServer.Api.Http;

/// Names, reasons and the like: one line that a person can read.
internal static class ShortText
{
    public static void CheckText(this FieldErrors errors, string? text, string pointer, int max, bool required = true) =>
        errors.Check(OneLine.Is(text, max, required), pointer, "invalid_text", OneLine.Wanted(max));
}
