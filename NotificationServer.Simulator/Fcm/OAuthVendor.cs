using System.Globalization;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Fcm;

/// Google's token endpoint, for the one grant that service accounts use.
internal sealed class OAuthVendor(AccessTokens tokens) : IVendor
{
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public string Name => "fcm-oauth";

    public int MaxBody => 64 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Path != "/token") return Verdict.Refuse(FcmErrors.Html(404));
        if (!HttpMethods.IsPost(request.Method)) return Verdict.Refuse(FcmErrors.Html(405));
        if (body.Length > MaxBody) return Verdict.Refuse(FcmErrors.Html(413));
        if (!Form.Carried(request)) return Refuse("invalid_request", "Not a form");
        var form = Form.Parse(body.Span);
        if (form["grant_type"] != JwtBearer) return Refuse("unsupported_grant_type", "Invalid grant_type");
        if (form["assertion"] is not { Length: > 0 } assertion) return Refuse("invalid_request", "Missing required parameter: assertion");

        var grant = tokens.Exchange(assertion);
        return grant.AccessToken is { } access ? Verdict.Accept(Granted(access), [], "", null) : Refuse(grant.Error!, grant.Why!); // one or the other
    }

    private static Answer Granted(string access) => Answer.Json(200, string.Create(CultureInfo.InvariantCulture,
        $$"""{"access_token":"{{access}}","expires_in":{{AccessTokens.LifetimeSeconds}},"token_type":"Bearer"}"""));

    public Answer Error(int status, string? code) => Problem(status, code ?? status switch
    {
        400 => "invalid_grant",
        401 => "invalid_client",
        429 => "rate_limit_exceeded",
        _ => "internal_failure",
    }, "Simulated");

    public Answer DeadRecipient() => Problem(400, "invalid_grant", "Account not found");

    private static Verdict Refuse(string error, string why) => Verdict.Refuse(Problem(400, error, why));

    private static Answer Problem(int status, string error, string why) =>
        Answer.Json(status, $$"""{"error":"{{error}}","error_description":"{{why}}"}""");
}
