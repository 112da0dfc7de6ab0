using NotificationServer.Channels;

namespace NotificationServer.Templates.Lint;

internal static class LocaleRules
{
    /// A language that has some words, and borrows the rest from the next in the chain.
    public static IEnumerable<Finding> Gaps(LintSubject subject)
    {
        var spoken = subject.Parts.Where(part => part.Locale is null).Select(part => part.Family).ToList();
        return from own in subject.Parts.Where(part => part.Locale is not null).GroupBy(part => part.Locale)
               let lacks = spoken.Except(own.Select(part => part.Family)).ToList()
               where lacks.Count > 0
               select new Finding(Severity.Info, "locale_incomplete", $"/locales/{own.Key}", own.Key,
                   $"{own.Key} has no words of its own for {string.Join(" and ", lacks.Select(Spoken))}: people get those of its more general language or the default.",
                   "Translate them, or leave it so.");
    }

    /// `/locales/de-CH/email/html` is of de-CH.
    public static string? LocaleOf(string pointer) =>
        pointer.Split('/') is ["", "locales", var locale, ..] ? locale : null;

    private static string Spoken(ChannelFamily family) => family switch
    {
        ChannelFamily.Push => "push",
        ChannelFamily.Sms => "SMS",
        ChannelFamily.Email => "e-mail",
    };
}
