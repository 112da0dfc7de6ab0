using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity.SecondFactor;

namespace NotificationServer.Admin.Identity;

/// Who somebody is, as their session says it; made again whenever the session is checked.
internal sealed class StaffClaims(
    UserManager<StaffMember> staff, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options, SecondFactorRule rule)
    : UserClaimsPrincipalFactory<StaffMember, IdentityRole<Guid>>(staff, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(StaffMember user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        var held = identity.FindAll(identity.RoleClaimType).Select(role => role.Value);
        if (!user.TwoFactorEnabled && rule.AsksOf(held)) identity.AddClaim(new Claim(SecondFactorRequirement.Missing, "1"));
        return identity;
    }
}
