using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace NotificationServer.Admin.Identity.Sessions;

/// The session that this request belongs to.
internal static class CurrentSession
{
    public static async Task<Guid?> IdAsync(HttpContext context) =>
        (await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Properties?.Items.TryGetValue(SessionStore.SessionId, out var id) == true
        && Guid.TryParse(id, out var known) ? known : null;
}
