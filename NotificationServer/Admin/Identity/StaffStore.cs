using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace NotificationServer.Admin.Identity;

/// Identity's own store keeps the authenticator's key and the recovery codes as plain text. Here they are encrypted under the keys
/// that the nodes share, so that a stolen copy of the database is no second factor.
internal sealed class StaffStore(AdminDb context, IDataProtectionProvider protection, IdentityErrorDescriber? describer = null)
    : UserStore<StaffMember, IdentityRole<Guid>, AdminDb, Guid>(context, describer)
{
    private readonly IDataProtector protector = protection.CreateProtector("NotificationServer.Admin.StaffTokens");

    public override Task SetTokenAsync(StaffMember user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : protector.Protect(value), cancellationToken);

    public override async Task<string?> GetTokenAsync(StaffMember user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        if (await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is not { } stored) return null;
        try
        {
            return protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            return null;                                 // the keys were lost: no code is right until an administrator resets the second factor
        }
    }
}
