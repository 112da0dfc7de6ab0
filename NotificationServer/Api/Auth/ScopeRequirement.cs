using Microsoft.AspNetCore.Authorization;

namespace NotificationServer.Api.Auth;

/// What a key must be allowed to do for an endpoint; also found in the endpoint's metadata, by the 403 and by the API's description.
internal sealed record ScopeRequirement(string Scope) : IAuthorizationRequirement;

internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.Resource is HttpContext http && http.Features.Get<Caller>() is { } caller && caller.Scopes.Contains(requirement.Scope))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

internal static class ScopeConvention
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(scope);
        return endpoint
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyHandler.Scheme).RequireAuthenticatedUser().AddRequirements(requirement))
            .WithMetadata(requirement);
    }
}
