using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace NotificationServer.Admin.Identity;

/// The cookie of a signed-in person.
internal sealed class SessionCookie(IHostEnvironment environment, IOptions<AdminOptions> admin, SessionStore sessions)
    : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    /// Requests that a page makes by itself say so; they read, but they are no sign of a person.
    public const string BackgroundHeader = "X-Background";

    public void Configure(CookieAuthenticationOptions options)
    {
    }

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        options.Cookie.Name = AdminCookies.Name(environment, name == IdentityConstants.ApplicationScheme ? "session" : "device");
        options.Cookie.SecurePolicy = AdminCookies.Secure(environment);
        if (name == IdentityConstants.ApplicationScheme) ConfigureSession(options);
    }

    private void ConfigureSession(CookieAuthenticationOptions options)
    {
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;      // strict would sign people out of links in their mail
        options.Cookie.Path = "/";
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
        options.Events.OnRedirectToAccessDenied = RedirectHere;
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        await SecurityStampValidator.ValidatePrincipalAsync(context);
        // The check would renew the session too: a page left open must not keep its person signed in for ever.
        if (IsBackground(context.Request)) context.ShouldRenew = false;
    }

    private static bool IsBackground(HttpRequest request) => request.Headers.ContainsKey(BackgroundHeader);

    private static Task Answer(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }

    // A path only: which host the browser called is not for a header to say.
    private static Task RedirectHere(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        return Task.CompletedTask;
    }
}
