using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Tracking.Pages;

/// Marks an endpoint with what its links must have been made for.
internal sealed record LinkFor(LinkPurpose Purpose);

/// The token in the address is the key: there is no sign-in, and no cookie. Whoever has no valid one is told so in words.
internal sealed class SignedLinkHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SignedLinks links, PersonalPage page)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "SignedLink";

    private SignedLinks.Opening opening = SignedLinks.Opening.Invalid;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<LinkFor>() is not { } wanted) return Task.FromResult(AuthenticateResult.NoResult());
        opening = links.Open(wanted.Purpose, Request.RouteValues["token"] as string, out var link);
        if (opening != SignedLinks.Opening.Valid) return Task.FromResult(AuthenticateResult.Fail(opening.ToString()));

        Context.Features.Set(new LinkHolder(link));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Scheme)), Scheme)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var texts = Texts.Of(Context, locale: null);
        var isOld = opening == SignedLinks.Opening.Expired;
        return page.ShowAsync(Context, isOld ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound, texts, isOld ? texts.ExpiredTitle : texts.InvalidTitle, $"""
            <h1>{(isOld ? texts.ExpiredTitle : texts.InvalidTitle)}</h1>
            <p class="lead">{(isOld ? texts.ExpiredSay : texts.InvalidSay)}</p>
            """);
    }
}

/// Whom the opened link speaks for; a handler's parameter.
internal sealed record LinkHolder(PersonalLink Link)
{
    public static ValueTask<LinkHolder> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<LinkHolder>() ?? throw new InvalidOperationException("This endpoint takes a link but does not ask for one"));
}
