using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using NotificationServer.Admin.Identity.Sessions;

namespace NotificationServer.Admin.Identity.SecondFactor;

/// A page that opens for somebody who has yet to set up the second factor that their role asks for.
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenBeforeEnrolmentAttribute : Attribute;

/// Part of every policy: until the second factor is there, nothing else opens. Who comes from the company's own sign-in has
/// shown what it asks for.
internal sealed class SecondFactorRequirement : AuthorizationHandler<SecondFactorRequirement>, IAuthorizationRequirement
{
    /// The claim of a person whose role asks for a second factor that is not set up.
    public const string Missing = "second_factor_missing";

    public static bool IsMissing(ClaimsPrincipal person) => person.HasClaim(claim => claim.Type == Missing) && !person.HasClaim(SessionStart.How, SessionStart.Company);

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, SecondFactorRequirement requirement)
    {
        var isOpen = (context.Resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<OpenBeforeEnrolmentAttribute>() is not null;
        if (isOpen || !IsMissing(context.User)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
