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
/// longest; of vendors and accounts that there are not, nothing is read at all.
internal sealed class SignedReceiptHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IEnumerable<IReceiptReader> readers,
    CallbackAccounts accounts, PersonalLinks links)
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
        if (await BodyAsync(reader.MaxBody) is not { } body) return Refuse(InboundVerdict.Refused, reader, StatusCodes.Status413PayloadTooLarge);

        var (verdict, receipts) = reader.Read(new InboundCall(Urls(), Request.Headers, Request.ContentType, body), secrets);
        return verdict switch
        {
            InboundVerdict.Valid => Admit(source, receipts),
            InboundVerdict.Refused => Refuse(verdict, reader, StatusCodes.Status403Forbidden),
            // Tried again, and signed then, or when the secret is set; what is forged is refused for good.
            InboundVerdict.Unsigned or InboundVerdict.NotConfigured => Refuse(verdict, reader, StatusCodes.Status503ServiceUnavailable),
        };
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

    private AuthenticateResult Refuse(InboundVerdict verdict, IReceiptReader reader, int status)
    {
        refusal = status;
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

    private async Task<byte[]?> BodyAsync(int most)
    {
        if (Request.ContentLength > most) return null;
        using var body = new MemoryStream((int)(Request.ContentLength ?? 0));
        var chunk = new byte[8192];
        int read;
        while ((read = await Request.Body.ReadAsync(chunk, Context.RequestAborted)) > 0)
        {
            if (body.Length + read > most) return null;
            body.Write(chunk, 0, read);
        }
        return body.ToArray();
    }
}

/// What a provider told, and was believed; a handler's parameter.
internal sealed record SignedReceipts(ReceiptSource Source, IReadOnlyList<Receipt> Receipts)
{
    public static ValueTask<SignedReceipts> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<SignedReceipts>() ?? throw new InvalidOperationException("This endpoint takes signed receipts but does not ask for a signature"));
}
