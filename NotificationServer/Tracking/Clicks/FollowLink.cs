using Dapper;
using NotificationServer.Channels.Receipts;
using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Engagement;
using NotificationServer.Tracking.Pages;
using Npgsql;

namespace NotificationServer.Tracking.Clicks;

/// `GET /c/{token}`, and `/{token}` on the host of short links: on to where the message said, and nowhere else. HEAD looks and does not count.
internal static class FollowLink
{
    private const int ShortLength = 11;

    public static void Map(RouteGroupBuilder links) => links.MapMethods("", [HttpMethods.Get, HttpMethods.Head], Follow);

    public static void MapShort(RouteGroupBuilder links) => links.MapMethods("", [HttpMethods.Get, HttpMethods.Head], FollowShortAsync);

    private static IResult Follow(HttpContext http, Followed followed, EngagementIntake intake, TimeProvider clock) =>
        To(http, followed.Click!, intake, clock); // whoever has none does not come this far

    private static async Task<IResult> FollowShortAsync(
        HttpContext http, string token, NpgsqlDataSource db, PersonalPage page, EngagementIntake intake, TimeProvider clock, CancellationToken ct)
    {
        if (token.Length == ShortLength && token.All(char.IsAsciiLetterOrDigit))
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            if (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Sql.Find, new { token }, cancellationToken: ct)) is { } row)
                return To(http, new TrackedClick(row.MessageId, row.Destination, ClickMarks.None), intake, clock);
        }
        await TrackedLinkHandler.NoLinkAsync(http, page);
        return Results.Empty;
    }

    private static IResult To(HttpContext http, TrackedClick click, EngagementIntake intake, TimeProvider clock)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            var isTrap = click.Marks.HasFlag(ClickMarks.Trap);
            intake.Take(new Sign(click.Message, EngagementKind.Clicked, isTrap ? Engager.Machine : Visitors.Of(http.Request), clock.GetUtcNow())
            {
                Url = click.Destination, ProvesOpen = click.Marks.HasFlag(ClickMarks.ProvesOpen),
            });
        }
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";   // the address is the key to what was followed
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        http.Response.Headers.Location = Ascii(click.Destination);
        return Results.StatusCode(StatusCodes.Status302Found);
    }

    /// A header has no other signs. What was plain already goes on as it was written.
    private static string Ascii(string url) =>
        System.Text.Ascii.IsValid(url) ? url : new Uri(url) is var to ? new UriBuilder(to) { Host = to.IdnHost }.Uri.AbsoluteUri : url;

    private sealed record Row(Guid MessageId, string Destination);

    internal static class Sql
    {
        public const string Find = "select message_id, destination from short_links where token = @token";
    }
}
