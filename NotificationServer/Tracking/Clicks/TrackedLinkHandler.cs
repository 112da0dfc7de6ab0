using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Pages;

namespace NotificationServer.Tracking.Clicks;

internal enum TrackedBy
{
    Click,
    Pixel,
    /// Whether a short link is one of ours is only known when it is looked up.
    Short,
}

/// Marks an endpoint with what its token must be.
internal sealed record TrackedLinkFor(TrackedBy By);

/// The token in the address is the key. A pixel is a picture whatever its token says: nobody shall see a broken one in a mail.
internal sealed class TrackedLinkHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TrackedLinks links, PersonalPage page)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "TrackedLink";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<TrackedLinkFor>() is not { } wanted) return Task.FromResult(AuthenticateResult.NoResult());
        var token = Request.RouteValues["token"] as string;
        var click = wanted.By == TrackedBy.Click ? links.ReadClick(token) : null;
        if (wanted.By == TrackedBy.Click && click is null) return Task.FromResult(AuthenticateResult.Fail("It is no link of ours"));
        Context.Features.Set(new Followed(click, wanted.By == TrackedBy.Pixel ? links.ReadPixel(token) : null));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Scheme)), Scheme)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => NoLinkAsync(Context, page);

    public static Task NoLinkAsync(HttpContext http, PersonalPage page)
    {
        var texts = Texts.Of(http, locale: null);
        return page.ShowAsync(http, StatusCodes.Status404NotFound, texts, texts.InvalidTitle, $"""
            <h1>{texts.InvalidTitle}</h1>
            <p class="lead">{texts.InvalidSay}</p>
            """);
    }
}

/// What the token says; a handler's parameter. Pixel: the message, null where the token is none of ours.
internal sealed record Followed(TrackedClick? Click, Guid? Pixel)
{
    public static ValueTask<Followed> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<Followed>() ?? throw new InvalidOperationException("This endpoint takes a tracked link but does not ask for one"));
}
