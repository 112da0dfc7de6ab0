using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Http;

/// Names, reasons and the like: one line that a person can read.
internal static class ShortText
{
    public static void CheckText(this FieldErrors errors, string? text, string pointer, int max, bool required = true) =>
        errors.Check(text is null ? !required : text.Trim().Length > 0 && text.Length <= max && !text.Any(char.IsControl),
            pointer, "invalid_text", $"Use 1 to {max} characters on one line");
}
