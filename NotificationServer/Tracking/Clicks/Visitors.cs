using NotificationServer.Channels.Receipts;

namespace NotificationServer.Tracking.Clicks;

/// Who calls, by what the request says of itself. Nothing of it is kept but the verdict.
internal static class Visitors
{
    private static readonly string[] Purposes = ["Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"];
    private static readonly string[] Ahead = ["prefetch", "preview", "prerender"];

    public static Engager Of(HttpRequest request) => IsAhead(request) ? Engager.Machine : Engagers.OfAgent(request.Headers.UserAgent.ToString());

    /// Whether it is fetched before anybody asked for it.
    private static bool IsAhead(HttpRequest request) => Purposes.Any(name =>
        request.Headers[name].ToString() is { Length: > 0 } said && Ahead.Any(word => said.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
