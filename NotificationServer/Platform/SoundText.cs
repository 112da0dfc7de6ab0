using System.Text;

namespace NotificationServer.Platform;

/// What others wrote, made fit to be kept. PostgreSQL's text has no NUL and no half of a surrogate pair; a statement that brings one
/// fails, and with it all that shares its commit.
internal static class SoundText
{
    /// At most so many of them, and whole characters: without NULs, and with U+FFFD where half a pair stood alone. Text that is sound already is
    /// what was given.
    public static string Storable(this string text, int most)
    {
        // A pair that the cut would part goes whole.
        var end = text.Length <= most ? text.Length : most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        var kept = text.AsSpan(0, end);
        if (kept.IndexOfAnyInRange('\uD800', '\uDFFF') < 0 && !kept.Contains('\0')) return end == text.Length ? text : text[..end];
        var sound = new StringBuilder(end);
        Span<char> units = stackalloc char[2];
        foreach (var rune in kept.EnumerateRunes())
            if (rune.Value != 0) sound.Append(units[..rune.EncodeToUtf16(units)]);
        return sound.ToString();
    }
}
