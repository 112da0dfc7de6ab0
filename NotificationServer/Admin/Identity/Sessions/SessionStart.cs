using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Admin.Identity.Sessions;

/// The last step of every way in. Only pages with <see cref="StartsSessionAttribute"/> may take it.
internal sealed class SessionStart(
    SignInManager<StaffMember> sessions, SessionStore store, IOptionsMonitor<CookieAuthenticationOptions> cookies, NpgsqlDataSource db, ILogger<SessionStart> log)
{
    /// The claim that says how somebody came in.
    public const string How = "amr";
    public const string Password = "pwd";
    public const string TwoFactors = "mfa";
    public const string Company = "ext";

    // What the cookie handler calls the key of a session within its cookie.
    private const string KeyClaim = "Microsoft.AspNetCore.Authentication.Cookies-SessionId";

    public async Task BeginAsync(StaffMember person, string how, CancellationToken ct)
    {
        await EndFormerAsync(sessions.Context, ct);
        foreach (var halfway in new[] { IdentityConstants.TwoFactorUserIdScheme, IdentityConstants.ExternalScheme })
            await sessions.Context.SignOutAsync(halfway);
        await sessions.SignInWithClaimsAsync(person, isPersistent: false, [new Claim(How, how)]);

        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Note, new { person.Id }, cancellationToken: ct));
        Log.SignedIn(log, person.Id);
    }

    private async Task EndFormerAsync(HttpContext context, CancellationToken ct)
    {
        var options = cookies.Get(IdentityConstants.ApplicationScheme);
        var cookie = (options.CookieManager as SessionCookieReader)?.Former(context, options.Cookie.Name!); // SessionCookie names it
        if (string.IsNullOrEmpty(cookie)) return;
        if (options.TicketDataFormat.Unprotect(cookie)?.Principal.FindFirstValue(KeyClaim) is { } key) await store.RemoveAsync(key, ct);
    }

    internal static class Sql
    {
        public const string Note = """
            insert into staff_notes (user_id, last_sign_in_at) values (@Id, now())
            on conflict (user_id) do update set last_sign_in_at = now()
            """;
    }
}
