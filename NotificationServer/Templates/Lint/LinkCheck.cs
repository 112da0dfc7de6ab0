namespace NotificationServer.Templates.Lint;

/// What can be said of a link without following it: lint asks no network, so a page that is gone is not found here.
internal static class LinkCheck
{
    private static readonly string[] Schemes = ["https:", "http:", "mailto:", "tel:", "sms:"];
    private static readonly string[] Placeholders = ["example.com", "example.org", "example.net", "yourdomain.com", "yoursite.com", "mysite.com", "domain.com", "test.com"];

    /// Null: nothing is wrong with it, or it begins with a variable and is judged when it is sent.
    public static (Severity Severity, string Code, string Message, string Mend)? Of(string link)
    {
        var url = link.Trim();
        if (url.StartsWith("{{", StringComparison.Ordinal)) return null;
        if (url.Length == 0) return (Severity.Error, "dead_link", "leads nowhere: it is empty", "Write the whole address, beginning with https://.");
        if (url is "#") return (Severity.Error, "dead_link", "leads nowhere: it is only #", "Write the whole address, beginning with https://.");
        if (url.StartsWith('#')) return (Severity.Warning, "anchor_link", $"{url} leads to a place in the mail itself, which many mail programs do not do", "Link to a page on the web.");
        return Schemes.FirstOrDefault(scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) switch
        {
            "http:" or "https:" => OfWeb(url),
            null => WithoutScheme(url),
            _ => null,
        };
    }

    public static (Severity Severity, string Code, string Message, string Mend)? OfWeb(string url)
    {
        var rest = url[(url.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimStart('/');
        var host = rest[..Math.Max(0, rest.AsSpan().IndexOfAny("/?#:{") is >= 0 and var end ? end : rest.Length)];
        if (host.Length == 0)
            return rest.StartsWith("{{", StringComparison.Ordinal) ? null : (Severity.Error, "dead_link", $"{url} names no server", "Write the whole address.");
        if (IsOwnMachine(host))
            return (Severity.Error, "local_link", $"{url} leads to the reader's own machine or a private network", "Use the address that the public uses.");
        if (Placeholders.Any(placeholder => host.Equals(placeholder, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + placeholder, StringComparison.OrdinalIgnoreCase)))
            return (Severity.Warning, "placeholder_link", $"{url} looks like an example that was not filled in", "Write the real address.");
        return url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
            ? (Severity.Info, "insecure_link", $"{url} is not encrypted", "Use https:// if the site has it.")
            : null;
    }

    private static (Severity, string, string, string) WithoutScheme(string url)
    {
        var end = url.AsSpan().IndexOfAny(":/?#{");
        if (end > 0 && url[end] == ':' && !url.AsSpan(0, end).Contains('.'))
            return (Severity.Error, "unsafe_link", $"{url} begins with a scheme that mail programs block", "Use https, mailto, tel or sms.");
        return url.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || (end < 0 ? url : url[..end]).Contains('.', StringComparison.Ordinal) && !url.StartsWith('.')
            ? (Severity.Error, "relative_link", $"{url} has no scheme and leads nowhere from a mail", $"Write https://{url}.")
            : (Severity.Error, "relative_link", $"{url} is relative: there is no page in a mail that it could be relative to", "Write the whole address, beginning with https://.");
    }

    private static bool IsOwnMachine(string host) =>
        host is "localhost" or "127.0.0.1" or "0.0.0.0" or "[" // [::1]
        || host.StartsWith("192.168.", StringComparison.Ordinal) || host.StartsWith("10.", StringComparison.Ordinal)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".test", StringComparison.OrdinalIgnoreCase);
}
