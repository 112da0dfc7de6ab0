namespace NotificationServer.Platform;

/// Cuts what others wrote to what is kept of it. Half a character can be no text: PostgreSQL would be told nothing at all of what it came with.
internal static class WholeCharacters
{
    public static string UpTo(this string text, int most)
    {
        var kept = text.Length > most ? text[..most] : text;
        return kept.Length > 0 && char.IsHighSurrogate(kept[^1]) ? kept[..^1] : kept;
    }
}
