using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;
using NotificationServer.Channels.Sms;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Api.Callbacks;

/// Lets in what a provider signed. The body is read whole first, because the signature covers it.
internal sealed class SignedCallHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IEnumerable<IInboundSmsReader> readers, PersonalLinks links)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "ProviderSignature";
    private const int MaxBody = 64 * 1024;

    private InboundVerdict verdict = InboundVerdict.Refused;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (readers.FirstOrDefault(one => one.Account == Request.RouteValues["account"] as string) is not { } reader)
            return AuthenticateResult.NoResult();
        if (await BodyAsync() is not { } body) return AuthenticateResult.Fail("Too large");

        (verdict, var text) = reader.Read(new InboundCall(Urls(), Request.Headers, Request.ContentType, body));
        if (verdict != InboundVerdict.Valid) return AuthenticateResult.Fail(verdict.ToString());
        Context.Features.Set(new SignedCall(reader.Account, text));
        return AuthenticateResult.Success(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, reader.Account)], Scheme)), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Tried again, and signed then, or when the secret is set; what is forged is refused for good.
        var problem = verdict switch
        {
            InboundVerdict.Unsigned or InboundVerdict.NotConfigured => Problems.Unavailable(),
            InboundVerdict.Refused or InboundVerdict.Valid => Problems.OfStatus(StatusCodes.Status403Forbidden),
        };
        Log.CallbackRefused(Logger, Request.RouteValues["account"] as string == "twilio" ? "twilio" : "vonage", verdict);
        return problem.ExecuteAsync(Context);
    }

    /// The configured address first: behind a proxy the request names an inner one.
    private List<string> Urls()
    {
        var path = Request.Path.ToUriComponent() + Request.QueryString.ToUriComponent();
        var own = $"{Request.Scheme}://{Request.Host.ToUriComponent()}{path}";
        return links.Base is { } at ? [at + path, own] : [own];
    }

    private async Task<byte[]?> BodyAsync()
    {
        if (Request.ContentLength > MaxBody) return null;
        using var body = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await Request.Body.ReadAsync(chunk, Context.RequestAborted)) > 0)
        {
            if (body.Length + read > MaxBody) return null;
            body.Write(chunk, 0, read);
        }
        return body.ToArray();
    }
}

/// A callback that was let in; a handler's parameter.
internal sealed record SignedCall(string Account, InboundText? Text)
{
    public static ValueTask<SignedCall> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<SignedCall>() ?? throw new InvalidOperationException("This endpoint takes a signed call but does not ask for a signature"));
}
