using Microsoft.AspNetCore.Identity;

namespace NotificationServer.Admin.Identity;

/// A person who works with the admin app. Recipients are "users"; these two never meet.
internal sealed class StaffMember : IdentityUser<Guid>
{
    /// What colleagues call them; the address is who they are.
    public string? FullName { get; set; }

    public bool IsDisabled(DateTimeOffset now) => LockoutEnd > now;
}
