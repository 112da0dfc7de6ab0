using NotificationServer.Tracking.Engagement;

namespace NotificationServer.Tracking.Clicks;

/// `GET /o/{token}.gif`: one clear pixel, always, and at once. HEAD does not count.
internal static class ShowPixel
{
    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    public static void Map(RouteGroupBuilder pixel) => pixel.MapMethods("", [HttpMethods.Get, HttpMethods.Head], Handle);

    private static IResult Handle(HttpContext http, Followed followed, EngagementIntake intake, TimeProvider clock)
    {
        if (HttpMethods.IsGet(http.Request.Method) && followed.Pixel is { } message)
            intake.Take(new Sign(message, EngagementKind.Opened, Visitors.Of(http.Request), clock.GetUtcNow()));
        http.Response.Headers.CacheControl = "no-store, private, max-age=0";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Bytes(Gif, "image/gif");
    }
}
