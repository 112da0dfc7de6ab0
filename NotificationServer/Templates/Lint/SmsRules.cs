using NotificationServer.Channels;
using NotificationServer.Channels.Sms;

namespace NotificationServer.Templates.Lint;

internal static class SmsRules
{
    public const int LongSms = 3;

    /// The character that made the whole text UCS-2, where it stands, and what could stand there.
    public static IEnumerable<Finding> Alphabet(LintSubject subject)
    {
        foreach (var part in subject.Of(ChannelFamily.Sms))
        {
            if (TextOf(part) is not { } text || SmsLetters.Foreign(text).ToList() is not [var first, ..] foreign) continue;
            var (now, then) = (SmsSegments.Of(text), SmsSegments.Of(Replaced(text, foreign)));
            var mendable = foreign.TrueForAll(letter => letter.Instead is not null);
            yield return part.Find(mendable ? Severity.Warning : Severity.Info, "sms_unicode", "body",
                $"{first.Shown} at character {first.Index + 1} {Where(part, first)}is not in the GSM alphabet: the whole text becomes UCS-2, "
                + $"{Parts(now.Count)} of up to {(now.Count == 1 ? 70 : 67)} characters{Others(foreign)}.",
                mendable ? $"{Advice(foreign)} It then takes {Parts(then.Count)} in GSM-7." : null);
        }
    }

    public static IEnumerable<Finding> Size(LintSubject subject) =>
        from part in subject.Of(ChannelFamily.Sms)
        let text = TextOf(part)
        where text is not null
        let size = SmsSegments.Of(text)
        select size.Count > LongSms
            ? part.Find(Severity.Warning, "sms_long", "body", $"{Parts(size.Count)} ({size.Encoding}, {size.Units} units): each person costs {size.Count} messages.", $"Say it in {Parts(LongSms)} or fewer.")
            : part.Find(Severity.Info, "sms_size", "body", $"{Parts(size.Count)} ({size.Encoding}, {size.Units} units).");

    /// As said with the sample data; without it as written, which is close.
    private static string? TextOf(LintPart part) => part.Said?.Text ?? part.Sms?.Body;

    private static string Where(LintPart part, ForeignLetter letter) =>
        part.Said is not null && part.Sms?.Body?.Contains(letter.Letter, StringComparison.Ordinal) == false ? "(it comes from the data) " : "";

    private static string Others(List<ForeignLetter> foreign)
    {
        var kinds = foreign.Select(letter => letter.Letter).Distinct(StringComparer.Ordinal).Count();
        return kinds > 1 ? $"; {kinds - 1} more {(kinds == 2 ? "character does" : "characters do")} the same" : "";
    }

    private static string Advice(List<ForeignLetter> foreign) => string.Concat(foreign.DistinctBy(letter => letter.Letter).Take(4)
        .Select(letter => letter.Instead!.Length == 0 ? $"Take out {letter.Shown}. " : $"Write {Quoted(letter.Instead!)} for {letter.Shown}. ")).TrimEnd(); // all have one

    private static string Quoted(string plain) => plain switch { " " => "a plain blank", "\n" => "a line break", _ => plain };

    private static string Parts(int count) => count == 1 ? "1 segment" : $"{count} segments";

    private static string Replaced(string text, List<ForeignLetter> foreign)
    {
        foreach (var letter in foreign.Where(letter => letter.Instead is not null).DistinctBy(letter => letter.Letter))
            text = text.Replace(letter.Letter, letter.Instead, StringComparison.Ordinal);
        return text;
    }
}
