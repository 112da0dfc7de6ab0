namespace NotificationServer.Queue;

/// Where a message is. Queued and Sending are live (there is a job); all others are ends.
/// "Scheduled" and "waiting to retry" are Queued with a due time in the future.
internal enum MessageStatus
{
    Queued,
    Sending,
    Sent,
    Delivered,
    Bounced,
    Failed,
    Suppressed,
    Expired,
    Cancelled,
}

/// Every legal move of a message. The SQL of this folder makes exactly these moves, and a test holds the two
/// against each other; README's diagram is printed from this table.
internal static class MessageMoves
{
    public static bool Allows(MessageStatus from, MessageStatus to) => from switch
    {
        // Sent without Sending: the success of an attempt that was given up for dead arrives late, and is still true; or the provider
        // tells of a message whose answer was lost, or is still on its way.
        MessageStatus.Queued => to is MessageStatus.Sending or MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Bounced
            or MessageStatus.Failed or MessageStatus.Expired or MessageStatus.Cancelled,
        MessageStatus.Sending => to is MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Bounced or MessageStatus.Failed
            or MessageStatus.Suppressed or MessageStatus.Expired or MessageStatus.Queued,
        // What the provider tells afterwards: only ever further.
        MessageStatus.Sent => to is MessageStatus.Delivered or MessageStatus.Bounced or MessageStatus.Failed,
        MessageStatus.Delivered => to is MessageStatus.Bounced,
        // Requeued by a person; or the provider knows better by now.
        MessageStatus.Failed => to is MessageStatus.Queued or MessageStatus.Delivered or MessageStatus.Bounced,
        MessageStatus.Bounced or MessageStatus.Suppressed or MessageStatus.Expired or MessageStatus.Cancelled => false,
    };

    public static string Name(this MessageStatus status) => status switch
    {
        MessageStatus.Queued => "queued",
        MessageStatus.Sending => "sending",
        MessageStatus.Sent => "sent",
        MessageStatus.Delivered => "delivered",
        MessageStatus.Bounced => "bounced",
        MessageStatus.Failed => "failed",
        MessageStatus.Suppressed => "suppressed",
        MessageStatus.Expired => "expired",
        MessageStatus.Cancelled => "cancelled",
    };
}
