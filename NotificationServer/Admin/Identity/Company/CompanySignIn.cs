using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Identity.Company;

internal enum CompanySignInStatus
{
    SignedIn,
    /// Nobody gave this person a role here.
    NotInvited,
    /// An account of this address exists, and the provider does not vouch that the address is theirs.
    NotVerified,
    Disabled,
}

/// Somebody whom the company's provider vouches for becomes one of our people, with the roles that the grants say. What the provider
/// knows them by is the subject, which nobody else ever gets; the address is only how they are found the first time.
internal sealed class CompanySignIn(
    AdminDb db, UserManager<StaffMember> staff, StaffDesk desk, SessionStart start, IOptions<CompanySignInOptions> options, ILogger<CompanySignIn> log)
{
    private const string Actor = "server";

    public async Task<CompanySignInStatus> TryAsync(ClaimsPrincipal claims, CancellationToken ct)
    {
        var (status, person) = await FindOrAddAsync(claims, ct);
        if (status == CompanySignInStatus.SignedIn && person is not null && await staff.IsLockedOutAsync(person)) status = CompanySignInStatus.Disabled;
        if (status != CompanySignInStatus.SignedIn || person is null)
        {
            Log.CompanySignInRefused(log, status.ToString());
            return status;
        }
        await start.BeginAsync(person, SessionStart.Company, ct);
        return status;
    }

    private async Task<(CompanySignInStatus Status, StaffMember? Person)> FindOrAddAsync(ClaimsPrincipal claims, CancellationToken ct)
    {
        var subject = claims.FindFirstValue("sub") ?? throw new InvalidOperationException("The provider's token has no subject."); // the library requires one
        var email = claims.FindFirstValue("email");
        var isVerified = options.Value.TrustAddresses || string.Equals(claims.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase);
        var (byClaim, byAddress) = RolesOf(claims, isVerified ? email : null);
        var known = await staff.FindByLoginAsync(CompanyModule.Scheme, subject);

        if (known is not null)
        {
            // Where the provider says the roles, it says them anew each time; an address only opens the door the first time.
            if (options.Value.RoleClaim is null or "") return (CompanySignInStatus.SignedIn, known);
            var wanted = byClaim.Union(byAddress).ToArray();
            if (wanted.Length == 0) return (CompanySignInStatus.NotInvited, null);
            await desk.SetRolesAsync(known.Id, wanted, Actor, ct); // which keeps the last administrator
            return (CompanySignInStatus.SignedIn, known);
        }

        var roles = byClaim.Union(byAddress).ToArray();
        if (roles.Length == 0 || email is null) return (CompanySignInStatus.NotInvited, null);
        var namesake = await staff.FindByEmailAsync(email);
        if (namesake is not null && !isVerified) return (CompanySignInStatus.NotVerified, null);
        return (CompanySignInStatus.SignedIn, await AddAsync(namesake, subject, email, claims.FindFirstValue("name"), roles, ct));
    }

    /// Roles that the provider's claim gives, and those that the address does.
    private (IReadOnlyList<string> ByClaim, IReadOnlyList<string> ByAddress) RolesOf(ClaimsPrincipal claims, string? email)
    {
        var values = options.Value.RoleClaim is { Length: > 0 } claim ? claims.FindAll(claim).Select(held => held.Value).ToHashSet(StringComparer.Ordinal) : [];
        return (
            [.. options.Value.Grants.Where(grant => grant.Claim is { Length: > 0 } value && values.Contains(value)).Select(grant => grant.Role)],
            [.. options.Value.Grants.Where(grant => grant.Email is { Length: > 0 } wanted && Fits(wanted, email)).Select(grant => grant.Role)]);
    }

    private static bool Fits(string wanted, string? email) => email is not null
        && (wanted[0] == '@' ? email.EndsWith(wanted, StringComparison.OrdinalIgnoreCase) : email.Equals(wanted, StringComparison.OrdinalIgnoreCase));

    private async Task<StaffMember> AddAsync(StaffMember? person, string subject, string email, string? name, string[] roles, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var isNew = person is null;
        if (person is null)
        {
            person = new StaffMember { Id = Guid.CreateVersion7(), UserName = email, Email = email, EmailConfirmed = true, FullName = name };
            Require(await staff.CreateAsync(person));
            Require(await staff.AddToRolesAsync(person, roles));
        }
        Require(await staff.AddLoginAsync(person, new UserLoginInfo(CompanyModule.Scheme, subject, options.Value.DisplayName)));
        await db.AuditAsync(new AuditEntry(Actor, isNew ? "staff.join" : "staff.link", Staff.Target(person))
        {
            After = new() { ["roles"] = await staff.GetRolesAsync(person), ["by"] = options.Value.DisplayName },
        }, ct);
        await transaction.CommitAsync(ct);
        return person;
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw new StaffChangedMeanwhileException();
    }
}
