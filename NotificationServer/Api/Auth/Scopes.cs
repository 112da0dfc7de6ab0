namespace NotificationServer.Api.Auth;

internal static class Scopes
{
    public const string NotificationsWrite = "notifications:write";
    public const string NotificationsRead = "notifications:read";
    public const string MessagesContent = "messages:content";
    public const string UsersWrite = "users:write";
    /// Addresses in full where they are masked else, and everything of a person at once; each use leaves an audit row.
    public const string PersonalRead = "personal:read";
    public const string PreferencesWrite = "preferences:write";
    public const string TemplatesWrite = "templates:write";
    public const string CampaignsWrite = "campaigns:write";
    public const string CampaignsApprove = "campaigns:approve";
    public const string OpsRead = "ops:read";
    public const string OpsWrite = "ops:write";
    public const string WebhooksManage = "webhooks:manage";

    public static readonly string[] All =
    [
        NotificationsWrite, NotificationsRead, MessagesContent, UsersWrite, PersonalRead, PreferencesWrite, TemplatesWrite,
        CampaignsWrite, CampaignsApprove, OpsRead, OpsWrite, WebhooksManage,
    ];
}
