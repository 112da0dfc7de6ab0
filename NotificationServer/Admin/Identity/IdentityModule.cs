using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Admin.Identity.Sessions;
using Npgsql;

namespace NotificationServer.Admin.Identity;

internal static class IdentityModule
{
    public static void AddStaff(this IServiceCollection services)
    {
        services.AddDbContext<AdminDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddIdentityCore<StaffMember>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = "";     // an address is a name; the address rule judges it
                options.Password = new PasswordOptions
                {
                    RequiredLength = 15, RequiredUniqueChars = 0,
                    RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false,
                };
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<AdminDb>()
            .AddUserStore<StaffStore>()
            .AddClaimsPrincipalFactory<StaffClaims>()
            .AddPasswordValidator<PlainPasswordRefusal>()
            .AddTokenProvider<AuthenticatorTokenProvider<StaffMember>>(TokenOptions.DefaultAuthenticatorProvider)
            .AddSignInManager();
        services.AddOptions<PasswordHasherOptions>()
            .Configure<IOptions<AdminOptions>>((hasher, admin) => hasher.IterationCount = admin.Value.PasswordIterations);
        services.AddOptions<SecurityStampValidatorOptions>()
            .Configure<IOptions<AdminOptions>>((stamp, admin) =>
            {
                stamp.ValidationInterval = admin.Value.RecheckEvery;
                stamp.OnRefreshingPrincipal = KeepHow;
            });

        // No default scheme: each endpoint's policy names the one it accepts.
        services.AddAuthentication()
            .AddCookie(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme)
            .AddCookie(IdentityConstants.TwoFactorRememberMeScheme)
            .AddCookie(IdentityConstants.ExternalScheme);
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddAuthorization(Policies.Add);

        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionList>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<PasswordTurns>();
        services.AddScoped<SessionStart>();
        services.AddScoped<SignIn>();

        services.AddSingleton<SecondFactorRule>();
        services.AddSingleton<UsedCodes>();
        services.AddScoped<SecondFactors>();
        services.AddScoped<SecondStep>();

        services.AddScoped<StaffDesk>();
        services.AddScoped<Invitations>();
        services.AddScoped<PasswordResets>();
        services.AddScoped<OwnAccount>();
        services.AddSingleton<StaffLinks>();
        services.AddSingleton<StaffMail>();
        services.AddSingleton<ForgottenPasswords>();
        services.AddHostedService(provider => provider.GetRequiredService<ForgottenPasswords>());
        services.AddScoped<FirstAdministrator>();
        services.AddHostedService<FirstAdministratorAtStart>();
    }

    // The check makes a person's claims anew; how they came in stays as it was.
    private static Task KeepHow(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal?.FindFirst(SessionStart.How) is { } how && context.NewPrincipal?.Identity is ClaimsIdentity identity && !identity.HasClaim(claim => claim.Type == SessionStart.How))
            identity.AddClaim(new Claim(how.Type, how.Value));
        return Task.CompletedTask;
    }
}
