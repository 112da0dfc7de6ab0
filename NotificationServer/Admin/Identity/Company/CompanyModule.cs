using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace NotificationServer.Admin.Identity.Company;

internal static class CompanyModule
{
    public const string Scheme = "company";

    public static void AddCompanySignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<CompanySignInOptions>().BindConfiguration(CompanySignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<CompanySignIn>();

        // A scheme that is not set up would be asked, and fail, at every request.
        if (string.IsNullOrEmpty(builder.Configuration[$"{CompanySignInOptions.Section}:{nameof(CompanySignInOptions.Authority)}"])) return;
        services.AddAuthentication().AddOpenIdConnect(Scheme, _ => { });
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, CompanyConnection>();
    }
}

/// The code flow with PKCE; what comes back is checked by the library: signature, issuer, audience, nonce, times.
internal sealed class CompanyConnection(IOptions<CompanySignInOptions> company, IHostEnvironment environment, ILogger<CompanyConnection> log)
    : IConfigureNamedOptions<OpenIdConnectOptions>
{
    private static readonly string[] Scopes = ["openid", "profile", "email"];

    public void Configure(OpenIdConnectOptions options)
    {
    }

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        if (name != CompanyModule.Scheme) return;
        var given = company.Value;
        options.Authority = given.Authority?.ToString();
        options.ClientId = given.ClientId;
        options.ClientSecret = given.Secret();
        options.RequireHttpsMetadata = !environment.IsDevelopment();
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query; // a cookie of our own comes along then, without being sent everywhere
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;    // some say the address only there
        options.SaveTokens = false;
        options.SignInScheme = IdentityConstants.ExternalScheme;
        options.CallbackPath = "/admin/sign-in/company/back";
        options.SignedOutCallbackPath = "/admin/sign-in/company/out";
        options.RemoteSignOutPath = "/admin/sign-in/company/end";
        options.Scope.Clear();
        foreach (var scope in Scopes.Concat(given.Scopes)) options.Scope.Add(scope);
        options.ClaimActions.MapJsonKey("email_verified", "email_verified");
        if (given.RoleClaim is { Length: > 0 } claim) options.ClaimActions.MapJsonKey(claim, claim);

        options.Events.OnTokenValidated = context =>
        {
            // From the provider's own address over TLS the library takes a token without a signature, as the standard allows. We do not.
            if (context.TokenEndpointResponse?.IdToken is not { } token || new JsonWebToken(token).EncodedSignature.Length == 0) context.Fail("The token is not signed.");
            return Task.CompletedTask;
        };
        Bind(options.CorrelationCookie, "step");
        Bind(options.NonceCookie, "nonce");
        options.Events.OnRemoteFailure = context =>
        {
            Log.CompanySignInRefused(log, context.Failure?.GetType().Name ?? "no reason given"); // its words may hold what the browser brought along
            context.Response.Redirect($"{context.Request.PathBase}/admin/sign-in?problem=company");
            context.HandleResponse();
            return Task.CompletedTask;
        };
        options.Events.OnAccessDenied = context =>
        {
            context.Response.Redirect($"{context.Request.PathBase}/admin/sign-in?problem=refused");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private void Bind(CookieBuilder cookie, string what)
    {
        cookie.Name = (environment.IsDevelopment() ? "ns-company-" : "__Secure-ns-company-") + what + ".";
        cookie.SecurePolicy = AdminCookies.Secure(environment);
        cookie.SameSite = SameSiteMode.Lax;
        cookie.HttpOnly = true;
    }
}
