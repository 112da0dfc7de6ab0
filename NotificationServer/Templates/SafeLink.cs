namespace NotificationServer.Templates;

/// A caller's value that becomes a link: `javascript:` and its relatives lead nowhere.
internal static class SafeLink
{
    private static readonly string[] Allowed = ["https", "http", "mailto", "tel", "sms"];

    public static string Of(string value)
    {
        // Mail clients and browsers skip control characters and blanks when they read a scheme; so must we.
        var seen = string.Concat(value.Where(c => c > ' ' && !char.IsControl(c) && !char.IsWhiteSpace(c)));
        var end = seen.AsSpan().IndexOfAny(':', '/', '?');
        if (seen.AsSpan().IndexOf('#') is >= 0 and var hash && (end < 0 || hash < end)) end = hash;
        if (end < 0 || seen[end] != ':') return value;

        return Allowed.Contains(seen[..end], StringComparer.OrdinalIgnoreCase) ? value : "#";
    }
}
