using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;
using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Sms;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Api.Callbacks;

/// Lets in what a provider signed. The body is read whole first, because the signature covers it.
internal sealed class SignedCallHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IEnumerable<IInboundSmsReader> readers,
    CallbackAccounts accounts, CallbackBodies bodies, PersonalLinks links)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "ProviderSignature";

    private InboundVerdict verdict = InboundVerdict.Refused;
    private int refusal = StatusCodes.Status403Forbidden;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.RouteValues["account"] is not string account
            || readers.FirstOrDefault(one => one.Vendor == accounts.VendorOf(account)) is not { } reader || accounts.Find(reader.Vendor, account) is not { } secrets)
            return AuthenticateResult.NoResult();
        if (secrets.Keys.Count == 0)
        {
            verdict = InboundVerdict.NotConfigured;
            return AuthenticateResult.Fail(verdict.ToString());
        }
        return await bodies.ReadAsync(Request, CallbackBodies.Short, body => Judge(reader, secrets, body), Refuse, Context.RequestAborted);
    }

    private AuthenticateResult Judge(IInboundSmsReader reader, CallbackSecrets secrets, byte[] body)
    {
        (verdict, var text) = reader.Read(new InboundCall(Urls(), Request.Headers, Request.ContentType, body), secrets);
        if (verdict != InboundVerdict.Valid) return AuthenticateResult.Fail(verdict.ToString());
        Context.Features.Set(new SignedCall(reader.Vendor, secrets.Account, text));
        return AuthenticateResult.Success(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, secrets.Account)], Scheme)), Scheme));
    }

    private AuthenticateResult Refuse(int status)
    {
        refusal = status;
        return AuthenticateResult.Fail(verdict.ToString());
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Tried again, and signed then, or when the secret is set; what is forged is refused for good.
        var problem = verdict switch
        {
            InboundVerdict.Unsigned or InboundVerdict.NotConfigured => Problems.Unavailable(),
            InboundVerdict.Refused or InboundVerdict.Valid => Problems.OfStatus(refusal),
        };
        Log.CallbackRefused(Logger, readers.FirstOrDefault(one => one.Vendor == accounts.VendorOf(Request.RouteValues["account"] as string ?? ""))?.Vendor ?? "unknown", verdict);
        return problem.ExecuteAsync(Context);
    }

    /// The configured address first: behind a proxy the request names an inner one.
    private List<string> Urls()
    {
        var path = Request.Path.ToUriComponent() + Request.QueryString.ToUriComponent();
        var own = $"{Request.Scheme}://{Request.Host.ToUriComponent()}{path}";
        return links.Base is { } at ? [at + path, own] : [own];
    }
}

/// A callback that was let in; a handler's parameter.
internal sealed record SignedCall(string Vendor, string Account, InboundText? Text)
{
    public static ValueTask<SignedCall> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<SignedCall>() ?? throw new InvalidOperationException("This endpoint takes a signed call but does not ask for a signature"));
}
