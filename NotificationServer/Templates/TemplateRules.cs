using System.Text.RegularExpressions;

namespace NotificationServer.Templates;

/// What must hold before a template is stored; the same for every way in.
internal static partial class TemplateRules
{
    public static List<TemplateError> Check(string key, string name, TemplateParts parts)
    {
        var errors = new List<TemplateError>();
        if (!Key().IsMatch(key)) errors.Add(new("/key", "invalid_key", "1 to 100 of a-z, 0-9, - and _, beginning with a letter or a digit"));
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200 || name.Any(char.IsControl))
            errors.Add(new("/name", "invalid_name", "1 to 200 characters on one line"));
        errors.AddRange(Check(parts));
        return errors;
    }

    public static IReadOnlyList<TemplateError> Check(TemplateParts parts) => [.. CheckPresence(parts), .. new Wording(parts).CheckAll()];

    private static IEnumerable<TemplateError> CheckPresence(TemplateParts parts)
    {
        if (parts is { Push: null, Sms: null, Email: null })
            yield return new("/channels", "required", "words for at least one of push, sms and email");
        if (parts.Push is { } push && string.IsNullOrWhiteSpace(push.Title) && string.IsNullOrWhiteSpace(push.Body))
            yield return new("/channels/push", "required", "a title or a body");
        if (parts.Sms is { } sms && string.IsNullOrWhiteSpace(sms.Body))
            yield return new("/channels/sms/body", "required", "a body");
        if (parts.Email is { } email && string.IsNullOrWhiteSpace(email.Subject))
            yield return new("/channels/email/subject", "required", "a subject");
        if (parts.Email is { } mail && string.IsNullOrWhiteSpace(mail.Html) && string.IsNullOrWhiteSpace(mail.Text))
            yield return new("/channels/email", "required", "html or text");
    }

    // As the table has it.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
