using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using NotificationServer.Clients;
using NotificationServer.Platform;

namespace NotificationServer.Api.Auth;

internal static class AuthModule
{
    public static void AddApiKeys(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        // A node that only sends neither knows keys nor needs what protects them.
        if (builder.Plays(NodeRole.Api) || builder.Plays(NodeRole.Admin))
            services.AddSingleton(new RequiredSecret(ApiKeyStore.Pepper));
        services.AddSingleton<KeyLimits>();
        services.AddSingleton<KeyReads>();
        services.AddSingleton<ApiKeyVerifier>();
        services.AddSingleton<ApiKeyUse>();
        if (builder.Plays(NodeRole.Api))
        {
            services.AddHostedService(provider => provider.GetRequiredService<ApiKeyUse>());
            services.AddHostedService<DevelopmentKey>();
        }
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(DenyByDefault());
    }

    /// An endpoint that says nothing of who may call it can be called with a key only. Where there is no endpoint, there is nothing
    /// to protect, and the answer is 404.
    private static AuthorizationPolicy DenyByDefault() => new AuthorizationPolicyBuilder(ApiKeyHandler.Scheme)
        .RequireAssertion(context => context.User.Identity?.IsAuthenticated == true
            || context.Resource is HttpContext http && http.GetEndpoint() is null)
        .Build();
}
