using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Sms;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Tracking.Receipts;

/// Lets in what a provider signed. The body is read whole first, because the signature covers it, and no further than the vendor's own
/// longest; of vendors and accounts that there are not, without a key or without a signature, nothing is read at all.
internal sealed class SignedReceiptHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IEnumerable<IReceiptReader> readers,
    CallbackAccounts accounts, CallbackBodies bodies, PersonalLinks links)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "ProviderReceipt";

    private int refusal = StatusCodes.Status403Forbidden;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var reader = readers.FirstOrDefault(one => one.Vendor == Request.RouteValues["vendor"] as string);
        if (reader is null || Request.RouteValues["account"] is not string name || accounts.Find(reader.Vendor, name) is not { } secrets)
            return AuthenticateResult.NoResult();
        var source = new ReceiptSource(reader.Vendor, secrets.Account, reader.Family, IsSigned: true);
        // Mailchimp looks whether somebody is there before it takes an address. HEAD says nothing and changes nothing.
        if (HttpMethods.IsHead(Request.Method)) return Admit(source, []);
        // Nothing in the body could make such a call believed.
        InboundVerdict? hopeless = secrets.Keys.Count == 0 ? InboundVerdict.NotConfigured : reader.IsSigned(Request.Headers) ? null : InboundVerdict.Refused;
        if (hopeless is { } verdict && reader.MaxUnsigned == 0) return Refuse(verdict, reader);
        return await bodies.ReadAsync(Request, hopeless is null ? reader.MaxBody : reader.MaxUnsigned, body => Judge(reader, source, secrets, body),
            status => hopeless is { } why && status == StatusCodes.Status413PayloadTooLarge ? Refuse(why, reader) : Refuse(InboundVerdict.Refused, reader, status),
            Context.RequestAborted);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = refusal;
        return Task.CompletedTask;
    }

    private AuthenticateResult Admit(ReceiptSource source, IReadOnlyList<Receipt> receipts)
    {
        Context.Features.Set(new SignedReceipts(source, receipts));
        return AuthenticateResult.Success(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, source.Account)], Scheme)), Scheme));
    }

    private AuthenticateResult Judge(IReceiptReader reader, ReceiptSource source, CallbackSecrets secrets, byte[] body)
    {
        var (verdict, receipts) = reader.Read(new InboundCall(Urls(), Request.Headers, Request.ContentType, body), secrets);
        return verdict == InboundVerdict.Valid ? Admit(source, receipts) : Refuse(verdict, reader);
    }

    private AuthenticateResult Refuse(InboundVerdict verdict, IReceiptReader reader, int? status = null)
    {
        refusal = status ?? verdict switch
        {
            InboundVerdict.Refused or InboundVerdict.Valid => StatusCodes.Status403Forbidden,
            // Tried again, and signed then, or when the secret is set; what is forged is refused for good.
            InboundVerdict.Unsigned or InboundVerdict.NotConfigured => StatusCodes.Status503ServiceUnavailable,
        };
        Log.ReceiptsRefused(Logger, reader.Vendor, verdict);
        return AuthenticateResult.Fail(verdict.ToString());
    }

    /// The address that the provider called, byte for byte. Behind a proxy the request names an inner host, so the configured one counts
    /// where there is one.
    private List<string> Urls()
    {
        var target = Context.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw && raw[0] == '/'
            ? raw : Request.Path.ToUriComponent() + Request.QueryString.ToUriComponent();
        return [(links.Base ?? $"{Request.Scheme}://{Request.Host.ToUriComponent()}") + target];
    }
}

/// What a provider told, and was believed; a handler's parameter.
internal sealed record SignedReceipts(ReceiptSource Source, IReadOnlyList<Receipt> Receipts)
{
    public static ValueTask<SignedReceipts> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<SignedReceipts>() ?? throw new InvalidOperationException("This endpoint takes signed receipts but does not ask for a signature"));
}
