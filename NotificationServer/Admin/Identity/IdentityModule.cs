using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
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
            .AddPasswordValidator<PlainPasswordRefusal>()
            .AddSignInManager();
        services.AddOptions<PasswordHasherOptions>()
            .Configure<IOptions<AdminOptions>>((hasher, admin) => hasher.IterationCount = admin.Value.PasswordIterations);
        services.AddOptions<SecurityStampValidatorOptions>()
            .Configure<IOptions<AdminOptions>>((stamp, admin) => stamp.ValidationInterval = admin.Value.RecheckEvery);

        // No default scheme: each endpoint's policy names the one it accepts.
        // Ending a session also forgets the device, whose scheme must exist for that.
        services.AddAuthentication()
            .AddCookie(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.TwoFactorRememberMeScheme);
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddAuthorization(Policies.Add);

        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignInThrottle>();
        services.AddScoped<SignIn>();
        services.AddScoped<FirstAdministrator>();
        services.AddHostedService<FirstAdministratorAtStart>();
    }
}
