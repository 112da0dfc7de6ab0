namespace NotificationServer.Api.Http;

/// Ids as callers see them: what they name, and 32 hexadecimal digits.
internal static class PublicId
{
    public const string Notification = "ntf_";
    public const string Message = "msg_";

    public static string Format(string prefix, Guid id) => $"{prefix}{id:N}";

    public static bool TryParse(string prefix, string? text, out Guid id)
    {
        id = default;
        return text is not null && text.StartsWith(prefix, StringComparison.Ordinal) && Guid.TryParseExact(text.AsSpan(prefix.Length), "N", out id);
    }
}
