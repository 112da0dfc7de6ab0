using System.Globalization;
using System.Text;
using NotificationServer.Channels;

namespace NotificationServer.Templates.Lint;

internal static class MailRules
{
    /// Gmail cuts a mail here and hides the rest behind a link, the unsubscribe link and the open pixel with it.
    public const int ClippedBytes = 102 * 1000;
    public const int LongSubject = 78;

    private static readonly string[] WaysOut = [LinkVariables.Unsubscribe, LinkVariables.Preferences];

    /// The law in most places, and the first thing that mail providers look for.
    public static IEnumerable<Finding> WayOut(LintSubject subject) => !subject.Marketing
        ? []
        : from part in subject.Of(ChannelFamily.Email)
          where part.Email is not null && !part.Variables.Any(variable => WaysOut.Contains(variable.Path, StringComparer.Ordinal))
          select part.Find(Severity.Error, "no_unsubscribe_link", part.Email!.Html is null ? "text" : "html",
              "A marketing mail without a way out: there is no unsubscribe link in it.",
              "Add <a href=\"{{unsubscribe_url}}\">Unsubscribe</a>, or {{unsubscribe_url}} in the text; the server fills it in for each person.");

    /// Some people read mail as text, and spam filters count a mail without as suspicious.
    public static IEnumerable<Finding> TextPart(LintSubject subject) =>
        from part in subject.Of(ChannelFamily.Email)
        where !string.IsNullOrWhiteSpace(part.Email?.Html) && string.IsNullOrWhiteSpace(part.Email.Text)
        select part.Find(Severity.Warning, "no_text_part", "text", "There is HTML but no text: some people and smart watches read the text, and spam filters look for it.",
            "Write the same in plain words.");

    public static IEnumerable<Finding> Clipping(LintSubject subject) =>
        from part in subject.Of(ChannelFamily.Email)
        let html = part.Said?.Html ?? part.Email?.Html
        where html is not null
        let bytes = Encoding.UTF8.GetByteCount(html)
        where bytes > ClippedBytes
        select part.Find(Severity.Warning, "clipped_by_gmail", "html",
            string.Create(CultureInfo.InvariantCulture, $"The mail is {bytes / 1000.0:0.#} KB; Gmail clips at 102 KB and hides what comes after, the unsubscribe link too."),
            "Shorten it, or move styles and repeated markup out.");

    public static IEnumerable<Finding> Subject(LintSubject subject) =>
        from part in subject.Of(ChannelFamily.Email)
        let line = part.Said?.Subject ?? part.Email?.Subject
        where line is not null
        let length = new StringInfo(line).LengthInTextElements
        where length > LongSubject
        select part.Find(Severity.Warning, "long_subject", "subject",
            $"The subject is {length} characters; a phone shows the first 40 or so, most mail programs no more than {LongSubject}.", "Say the most important thing first, and less.");
}
