using NotificationServer.Recipients.Links;

namespace NotificationServer.Watch;

/// Where the alerts are looked at, if somebody said.
internal sealed class AlertPlace(IConfiguration configuration, PersonalLinks links)
{
    public string? Base => configuration["Admin:PublicUrl"] is { Length: > 0 } url ? url.TrimEnd('/') : links.Base;
}
