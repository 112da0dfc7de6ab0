namespace NotificationServer.Tracking.Webhooks;

/// What can be told. A name is a promise to receivers: it may be added to, never renamed. The triggers of 0014_webhooks.sql write them.
internal static class EventTypes
{
    public const string Test = "webhook.test";

    public static readonly IReadOnlyList<string> All =
    [
        "notification.accepted", "message.sent", "message.delivered", "message.failed", "message.bounced", "message.suppressed", "message.expired",
        "message.opened", "message.clicked", "message.complained", "preference.updated", "device.retired",
        "campaign.pending_approval", "campaign.started", "campaign.paused", "campaign.completed", "provider.opened", "provider.closed", "queue.alert",
    ];
}
