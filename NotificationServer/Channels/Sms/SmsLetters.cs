using System.Collections.Frozen;
using System.Globalization;

namespace NotificationServer.Channels.Sms;

/// A character that is not in the GSM alphabet: it alone makes the whole text UCS-2. Instead: what says the same and is in it.
internal readonly record struct ForeignLetter(string Letter, int Index, string? Instead)
{
    /// `’ (U+2019)`: some of them look like nothing, or like another.
    public string Shown => IsVisible
        ? $"{Letter} ({Code})"
        : Code;

    private string Code => string.Join(' ', Letter.EnumerateRunes().Select(rune => $"U+{rune.Value:X4}"));

    private bool IsVisible => CharUnicodeInfo.GetUnicodeCategory(Letter, 0) is not
        (UnicodeCategory.SpaceSeparator or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

/// Finds what makes a text UCS-2, and knows what could stand there instead: word processors put typographic quotes, dashes and
/// blanks where the writer typed plain ones.
internal static class SmsLetters
{
    private static readonly FrozenDictionary<string, string> Plain = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["’"] = "'", ["‘"] = "'", ["‚"] = "'", ["‛"] = "'", ["′"] = "'", ["`"] = "'", ["´"] = "'", ["‹"] = "<", ["›"] = ">",
        ["“"] = "\"", ["”"] = "\"", ["„"] = "\"", ["‟"] = "\"", ["″"] = "\"", ["«"] = "\"", ["»"] = "\"",
        ["–"] = "-", ["—"] = "-", ["‒"] = "-", ["―"] = "-", ["‐"] = "-", ["‑"] = "-", ["−"] = "-", ["…"] = "...", ["•"] = "-", ["·"] = "-",
        ["×"] = "x", ["÷"] = "/", ["½"] = "1/2", ["¼"] = "1/4", ["¾"] = "3/4", ["©"] = "(c)", ["®"] = "(R)", ["™"] = "(TM)", ["№"] = "No.",
        ["\u00A0"] = " ", ["\u202F"] = " ", ["\u2007"] = " ", ["\u2009"] = " ", ["\u2002"] = " ", ["\u2003"] = " ", ["\u200A"] = " ", ["\t"] = " ",
        ["\u200B"] = "", ["\u200C"] = "", ["\u200D"] = "", ["\u2060"] = "", ["\uFEFF"] = "", ["\u00AD"] = "", ["\u200E"] = "", ["\u200F"] = "",
        ["\u2028"] = "\n", ["\u2029"] = "\n",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// Every foreign character as people see it, in the order of the text.
    public static IEnumerable<ForeignLetter> Foreign(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            var letter = text.Substring(at, length);
            // CR LF is one character to the eye, and CR and LF are both in the alphabet.
            if (SmsSegments.IsUnicode(letter)) yield return new ForeignLetter(letter, at, Instead(letter));
            at += length;
        }
    }

    /// Null: nothing in the GSM alphabet says it, as with any letter of another script.
    private static string? Instead(string letter)
    {
        if (Plain.TryGetValue(letter, out var plain)) return plain;
        // é written as e and a combining accent is in the alphabet when it is written as one.
        var whole = letter.Normalize();
        return whole != letter && !SmsSegments.IsUnicode(whole) ? whole : null;
    }
}
