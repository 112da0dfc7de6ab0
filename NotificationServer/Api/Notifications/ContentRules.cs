using NotificationServer.Api.Errors;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Templates;

namespace NotificationServer.Api.Notifications;

/// The words of a request that brings its own.
internal static class ContentRules
{
    private const int MostLine = 500;
    private const int MostBody = 4000;
    private const int MostText = 100_000;
    private const int MostHtml = 200_000;

    public static Content? Check(SendNotification.ContentBody? content, FieldErrors errors)
    {
        if (content is null) return null;
        CheckLine(content.Title, "/content/title", errors);
        CheckLine(content.Subject, "/content/subject", errors);
        CheckLength(content.Body, MostBody, "/content/body", errors);
        CheckLength(content.Text, MostText, "/content/text", errors);
        CheckLength(content.Html, MostHtml, "/content/html", errors);
        SendRules.CheckObject(content.Data, "/content/data", errors);
        return new Content(content.Title, content.Body, content.Data, content.Subject, content.Text, content.Html);
    }

    /// A line break in a subject would be a header of the sender's choosing.
    public static void CheckLine(string? text, string pointer, FieldErrors errors)
    {
        CheckLength(text, MostLine, pointer, errors);
        errors.Check(text is null || !text.Any(char.IsControl), pointer, "header_injection", "One line, without control characters");
    }

    private static void CheckLength(string? text, int most, string pointer, FieldErrors errors) =>
        errors.Check(text is null || text.Length <= most, pointer, "too_long", $"At most {most} characters");
}

/// What a request may change about how its messages leave.
internal static class OverrideRules
{
    private const int MostSeconds = 28 * 24 * 3600;

    public static EmailOverrides? Check(SendNotification.EmailOverridesBody? email, FieldErrors errors)
    {
        if (email is null) return null;
        return new EmailOverrides(
            Address(email.From, "/overrides/email/from", errors), ReplyTo: Address(email.ReplyTo, "/overrides/email/reply_to", errors), Provider: email.Provider);
    }

    public static PushOverrides? Check(SendNotification.PushOverridesBody? push, FieldErrors errors)
    {
        if (push is null) return null;
        errors.Check(push.Badge is null or >= 0, "/overrides/push/badge", "out_of_range", "0 or more");
        errors.Check(push.TtlSeconds is null or (>= 0 and <= MostSeconds), "/overrides/push/ttl_seconds", "out_of_range", "0 to 28 days");
        ContentRules.CheckLine(push.Sound, "/overrides/push/sound", errors);
        return new PushOverrides(push.Badge, push.Sound, push.TtlSeconds);
    }

    private static string? Address(string? text, string pointer, FieldErrors errors)
    {
        if (text is null) return null;
        if (EmailAddress.TryParse(text, out var address, out var code)) return address;
        errors.Add(pointer, code, "Use one plain address such as shop@example.org");
        return null;
    }
}
