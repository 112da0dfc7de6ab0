using System.Buffers;
using System.Globalization;

namespace NotificationServer.Channels.Sms;

/// What a text costs on the air (3GPP 23.038 and 23.040): carriers and vendors count parts, not texts.
internal readonly record struct SmsSegments(bool Unicode, int Units, IReadOnlyList<int> UnitsPerSegment)
{
    private const int WholeGsm = 160;
    private const int WholeUnicode = 70;
    // A part of a longer text gives 6 octets to the header by which the phone joins the parts.
    private const int PartGsm = 153;
    private const int PartUnicode = 67;

    /// Without ESC, which only stands before a character of the extension table.
    public const string GsmBasic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    /// Each is two septets: ESC and its place in the second table.
    public const string GsmExtension = "\f^{}\\[~]|€";

    private static readonly SearchValues<char> Gsm = SearchValues.Create(GsmBasic + GsmExtension);
    private static readonly SearchValues<char> Extended = SearchValues.Create(GsmExtension);

    public int Count => UnitsPerSegment.Count;

    /// One character outside the two tables turns the whole text into UCS-2, at less than half the length.
    public static bool IsUnicode(string text) => text.AsSpan().ContainsAnyExcept(Gsm);

    /// The name of the alphabet as vendors write it.
    public string Encoding => Unicode ? "UCS-2" : "GSM-7";

    public static SmsSegments Of(string text)
    {
        var unicode = IsUnicode(text);
        var units = unicode ? text.Length : text.Length + CountExtended(text);
        return units <= (unicode ? WholeUnicode : WholeGsm)
            ? new SmsSegments(unicode, units, [units])
            : new SmsSegments(unicode, units, Cut(text, unicode));
    }

    /// Never between ESC and its character, never between the halves of a surrogate pair: such a part holds one unit less.
    private static List<int> Cut(string text, bool unicode)
    {
        var (most, parts, used) = (unicode ? PartUnicode : PartGsm, new List<int>(), 0);
        for (var i = 0; i < text.Length;)
        {
            var pair = unicode && char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            var cost = pair || (!unicode && Extended.Contains(text[i])) ? 2 : 1;
            if (used + cost > most)
            {
                parts.Add(used);
                used = 0;
            }
            used += cost;
            i += pair ? 2 : 1;
        }
        parts.Add(used);
        return parts;
    }

    private static int CountExtended(string text)
    {
        var count = 0;
        foreach (var letter in text)
            if (Extended.Contains(letter)) count++;
        return count;
    }

    /// Null if a vendor that takes so many characters takes this text; asking it would only be refused.
    public static SendOutcome? TooLong(string text, int most, string vendor) =>
        text.Length <= most
            ? null
            : SendOutcome.Permanent("text_too_long", string.Create(CultureInfo.InvariantCulture, $"{vendor} takes {most} characters, the text has {text.Length}"));
}
