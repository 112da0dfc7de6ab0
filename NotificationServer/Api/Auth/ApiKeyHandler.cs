using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Auth;

/// Authorization: Bearer nsk_... Whatever is wrong with a key, the answer is the same.
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyVerifier keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "ApiKey";
    private const string Bearer = "Bearer ";
    private const string KeyPrefix = "nsk_";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        // A key in a URL ends up in logs and histories: never accepted, not even beside a good one.
        if (Request.QueryString.Value?.Contains(KeyPrefix, StringComparison.OrdinalIgnoreCase) == true)
            return AuthenticateResult.Fail("A key in the query string");
        if (header is not [{ } value] || !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        if (await keys.VerifyAsync(value.AsMemory(Bearer.Length), Context.RequestAborted) is not { } verified)
            return AuthenticateResult.Fail("Not a valid key");
        // As unknown as any other: whoever found a key must not learn that it is good elsewhere.
        if (!verified.Networks.Allow(Context.Connection.RemoteIpAddress))
            return AuthenticateResult.Fail("Not from where this key may be used");

        Context.Features.Set(verified.Caller);
        return AuthenticateResult.Success(verified.Ticket);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.InvalidKey().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var missing = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>()
            .FirstOrDefault(r => Context.Features.Get<Caller>()?.Scopes.Contains(r.Scope) != true);
        return (missing is null ? Problems.OfStatus(StatusCodes.Status403Forbidden) : Problems.MissingScope(missing.Scope)).ExecuteAsync(Context);
    }

    public static AuthenticationTicket TicketFor(Caller caller) => new(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.KeyId)], Scheme)), Scheme);
}
