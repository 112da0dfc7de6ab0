using Microsoft.Extensions.Options;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Admin.Identity.People;

/// Whole addresses of the links that let somebody in.
internal sealed class StaffLinks(IOptions<AdminOptions> options, PersonalLinks links)
{
    /// Where people reach the admin app, as the configuration says; null: it does not. A mail never goes by what a caller's request
    /// says of this server's name.
    public string? Base => options.Value.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? links.Base;

    public string InvitationTime => Words.Age(options.Value.InvitationLifetime);

    public string ResetTime => Words.Age(options.Value.ResetLifetime);

    public static string Invitation(string at, string token) => $"{at}/admin/invitation?token={token}";

    public static string Reset(string at, string token) => $"{at}/admin/reset?token={token}";

    /// For a link that is only shown to who asks for it.
    public string ShownTo(HttpRequest request) => Base ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
