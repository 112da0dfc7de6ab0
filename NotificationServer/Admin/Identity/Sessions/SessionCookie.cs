using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity.SecondFactor;

namespace NotificationServer.Admin.Identity.Sessions;

/// The cookie of a signed-in person.
internal sealed class SessionCookie(IHostEnvironment environment, IOptions<AdminOptions> admin, SessionStore sessions)
    : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    /// Requests that a page makes by itself say so; they read, but they are no sign of a person.
    public const string BackgroundHeader = "X-Background";

    // Between the password, or the company's own sign-in, and the next step.
    private static readonly TimeSpan Halfway = TimeSpan.FromMinutes(10);

    public void Configure(CookieAuthenticationOptions options)
    {
    }

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        options.Cookie.Name = AdminCookies.Name(environment, name switch
        {
            _ when name == IdentityConstants.ApplicationScheme => "session",
            _ when name == IdentityConstants.TwoFactorRememberMeScheme => "device",
            _ when name == IdentityConstants.TwoFactorUserIdScheme => "halfway",
            _ => "company",
        });
        options.Cookie.SecurePolicy = AdminCookies.Secure(environment);
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;      // strict would sign people out of links in their mail
        options.Cookie.Path = "/";
        if (name == IdentityConstants.ApplicationScheme) ConfigureSession(options);
        else if (name == IdentityConstants.TwoFactorRememberMeScheme) options.ExpireTimeSpan = admin.Value.RememberDevice;
        else (options.ExpireTimeSpan, options.SlidingExpiration) = (Halfway, false);
    }

    private void ConfigureSession(CookieAuthenticationOptions options)
    {
        options.CookieManager = new SessionCookieReader();
        options.LoginPath = "/admin/sign-in";
        options.LogoutPath = "/admin/sign-out";
        options.AccessDeniedPath = "/admin/denied";
        options.ReturnUrlParameter = "returnUrl";
        options.ExpireTimeSpan = admin.Value.IdleTimeout;
        options.SlidingExpiration = true;
        options.SessionStore = sessions;                 // which also holds the absolute limit
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnCheckSlidingExpiration = context =>
        {
            context.ShouldRenew &= !IsBackground(context.Request);
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToLogin = context => IsBackground(context.Request)
            ? Answer(context.Response, StatusCodes.Status401Unauthorized)
            : RedirectHere(context);
        options.Events.OnRedirectToAccessDenied = context =>
        {
            if (SecondFactorRequirement.IsMissing(context.HttpContext.User)) context.RedirectUri = $"{context.Request.PathBase}/admin/me/second-factor";
            return IsBackground(context.Request) ? Answer(context.Response, StatusCodes.Status403Forbidden) : RedirectHere(context);
        };
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        await SecurityStampValidator.ValidatePrincipalAsync(context);
        // The check would renew the session too: a page left open must not keep its person signed in for ever.
        if (IsBackground(context.Request)) context.ShouldRenew = false;
    }

    public static bool IsBackground(HttpRequest request) => request.Headers.ContainsKey(BackgroundHeader);

    private static Task Answer(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }

    // A path only: which host the browser called is not for a header to say.
    private static Task RedirectHere(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(Uri.TryCreate(context.RedirectUri, UriKind.Absolute, out var whole) && !whole.IsFile ? whole.PathAndQuery : context.RedirectUri);
        return Task.CompletedTask;
    }
}
