using System.Text.RegularExpressions;
using NotificationServer.Platform;

namespace NotificationServer.Recipients.Consents;

/// What a person who answers a text wants.
internal enum SmsIntent
{
    None,
    OptOut,
    OptIn,
    Help,
    /// Not one of the words, but it reads like a no. It counts as one at once, because any reasonable wording does, and a person
    /// should look at it.
    Review,
}

/// Reads an answer: the words that carriers and the law name, as the whole message, without case and without blanks and punctuation
/// at either end; then whatever else a reasonable person would take for a no.
internal static partial class SmsWord
{
    private const int MostRead = 500;

    private static readonly HashSet<string> OptOut = new(StringComparer.Ordinal)
    {
        "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "OPT-OUT", "REMOVE", "ARRET", "ARRÊT",
        "STOPP", "STOP SMS", "SMS STOP", "ABMELDEN", "ABBESTELLEN", "ENDE", "BEENDEN", "BAJA", "ALTO", "PARAR", "ANNULLA", "FERMA", "STOPPEN",
        "수신거부", "수신 거부", "거부", "중지", "그만", "해지",
    };

    private static readonly HashSet<string> OptIn = new(StringComparer.Ordinal) { "START", "YES", "UNSTOP", "ANMELDEN", "수신동의", "수신 동의", "시작" };

    private static readonly HashSet<string> Help = new(StringComparer.Ordinal) { "HELP", "INFO", "HILFE", "AIDE", "AYUDA", "도움말", "도움" };

    public static SmsIntent Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return SmsIntent.None;
        var said = Normal(text.Storable(MostRead));
        if (OptOut.Contains(said)) return SmsIntent.OptOut;
        if (OptIn.Contains(said)) return SmsIntent.OptIn;
        if (Help.Contains(said)) return SmsIntent.Help;
        return LikeNo().IsMatch(said) ? SmsIntent.Review : SmsIntent.None;
    }

    public static string Name(this SmsIntent intent) => intent switch
    {
        SmsIntent.None => "none",
        SmsIntent.OptOut => "opt_out",
        SmsIntent.OptIn => "opt_in",
        SmsIntent.Help => "help",
        SmsIntent.Review => "review",
    };

    /// Composed, upper case, single blanks inside, letters and digits at both ends.
    private static string Normal(string text)
    {
        var kept = Unpaired().Replace(text, " ").Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant();
        return Blanks().Replace(Ends().Replace(kept, ""), " ");
    }

    // Half a character cannot be normalised.
    [GeneratedRegex(@"[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]", RegexOptions.CultureInvariant)]
    private static partial Regex Unpaired();

    [GeneratedRegex(@"\A[^\p{L}\p{N}]+|[^\p{L}\p{N}]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ends();

    [GeneratedRegex(@"[\s\p{Cf}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    // Whole words only: "nonstop" is no stop. Languages that are written without blanks have no word ends.
    [GeneratedRegex(
        @"(?<![\p{L}\p{N}])(?:STOP|STOPP|STOPPEN|UNSUBSCRIBE|REVOKE|OPT[ -]?(?:ME )?OUT|CANCEL|QUIT|(?:TAKE|REMOVE) ME|LEAVE ME ALONE|NO MORE|"
        + @"(?:DON['’]?T|DO NOT|NEVER) (?:TEXT|MESSAGE|CONTACT|SEND|SMS)|WRONG NUMBER|ABMELDEN|ABBESTELLEN|KEINE (?:SMS|NACHRICHTEN|WERBUNG)|"
        + @"ARR[EÊ]T(?:EZ|ER)?|BAJA|NO M[AÁ]S)(?![\p{L}\p{N}])|수신 ?거부|그만|보내지 ?마|문자 ?금지",
        RegexOptions.CultureInvariant)]
    private static partial Regex LikeNo();
}
