namespace NotificationServer.Clients;

/// What a key may be allowed to do, in words for whoever decides it.
internal sealed record KeyScope(string Name, string What)
{
    public static readonly IReadOnlyList<KeyScope> All =
    [
        new("notifications:write", "Send notifications, and cancel what waits"),
        new("notifications:read", "Follow notifications and messages to their end; read statistics"),
        new("messages:content", "Read the rendered words of messages"),
        new("users:write", "Create, change, block and forget users and their devices; imports and erasure"),
        new("personal:read", "See addresses in full and export all of a person; every use is in the audit log"),
        new("preferences:write", "Record what people agreed to; suppressed addresses"),
        new("templates:write", "Write and publish templates; change categories"),
        new("campaigns:write", "Write campaigns and schedule them"),
        new("campaigns:approve", "Approve campaigns of others"),
        new("ops:read", "See queues, failures, providers, workers and the audit log"),
        new("ops:write", "Pause queues, requeue and discard messages, change provider accounts and routing"),
        new("webhooks:manage", "Register webhook endpoints and read what they were told"),
    ];
}
