using System.Globalization;
using NotificationServer.Channels;
using NotificationServer.Channels.Push;

namespace NotificationServer.Templates.Lint;

internal static class PushRules
{
    public const int LongTitle = 50;
    public const int LongBody = 178;

    /// Against every vendor: which of them a person's device uses is known only at the send.
    public static IEnumerable<Finding> Size(LintSubject subject)
    {
        foreach (var part in subject.Of(ChannelFamily.Push))
        {
            if (part.Said is not { } said) continue;
            foreach (var size in PushSizes.Of(said.Title, said.Body, said.Data).Where(size => size.Bytes > size.Most))
                yield return size.Fits
                    ? part.Find(Severity.Warning, "push_shortened", "body",
                        string.Create(CultureInfo.InvariantCulture, $"{size.Name} takes {size.Most:N0} bytes, this is {size.Bytes:N0}: the end of the body will be cut off."), "Shorten the body or the data.")
                    : part.Find(Severity.Error, "push_too_large", "data",
                        string.Create(CultureInfo.InvariantCulture, $"{size.Name} takes {size.Most:N0} bytes, this is {size.Bytes:N0} and cannot be shortened enough: it would not be sent."),
                        "Send less data; let the app fetch the rest by an id.");
        }
    }

    public static IEnumerable<Finding> Length(LintSubject subject)
    {
        foreach (var part in subject.Of(ChannelFamily.Push))
        {
            if (Letters(part.Said?.Title ?? part.Push?.Title) is > LongTitle and var title)
                yield return part.Find(Severity.Warning, "long_title", "title", $"The title is {title} characters; most phones show about {LongTitle}.", "Say the rest in the body.");
            if (Letters(part.Said?.Body ?? part.Push?.Body) is > LongBody and var body)
                yield return part.Find(Severity.Info, "long_body", "body", $"The body is {body} characters; most phones show about {LongBody} before somebody opens it.");
        }
    }

    private static int Letters(string? text) => text is null ? 0 : new StringInfo(text).LengthInTextElements;
}
