namespace NotificationServer.Platform;

/// Names, reasons and the like: one line that a person can read.
internal static class OneLine
{
    public static bool Is(string? text, int max, bool required = true) =>
        text is null ? !required : text.Trim().Length > 0 && text.Length <= max && !text.Any(char.IsControl);

    public static string Wanted(int max) => $"Use 1 to {max} characters on one line";
}
