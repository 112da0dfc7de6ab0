namespace NotificationServer.Templates.Html;

/// A caller's value that becomes a link: `javascript:` and its relatives lead nowhere.
internal static class SafeLink
{
    private static readonly string[] Allowed = ["https", "http", "mailto", "tel", "sms"];

    public static string Of(string value) => LeadsSomewhere(value) ? value : "#";

    public static bool IsAllowed(string scheme) => Allowed.Contains(scheme, StringComparer.OrdinalIgnoreCase);

    /// A web link with a host, an address or a number: what a person can open outside a page.
    public static bool IsWhole(string value) => LeadsSomewhere(value)
        && Uri.TryCreate(value, UriKind.Absolute, out var link) && IsAllowed(link.Scheme) && !value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    private static bool LeadsSomewhere(string value)
    {
        // Nearly every link is of this kind, and nothing can hide in front of it.
        if (value.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) return true;

        // Mail clients and browsers skip control characters and blanks when they read a scheme; so must we.
        var seen = string.Concat(value.Where(c => c > ' ' && !char.IsControl(c) && !char.IsWhiteSpace(c)));
        var end = seen.AsSpan().IndexOfAny(':', '/', '?');
        if (seen.AsSpan().IndexOf('#') is >= 0 and var hash && (end < 0 || hash < end)) end = hash;
        return end < 0 || seen[end] != ':' || IsAllowed(seen[..end]);
    }
}
