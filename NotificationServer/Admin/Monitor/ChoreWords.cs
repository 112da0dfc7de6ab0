using System.Text.RegularExpressions;

namespace NotificationServer.Admin.Monitor;

/// What each chore does, in words. One that is not listed here is called by its own name.
internal sealed partial record ChoreWords(string Title, string Does)
{
    public static ChoreWords Of(string name) => name switch
    {
        "PartitionKeeper" => new("Making the days ahead", "Makes the tables of the days to come, a week before they are needed."),
        "Retention" => new("Dropping old days", "Drops the days of messages, attempts and receipts that nobody asked to keep."),
        "Rescuer" => new("Rescuing lost messages", "Gives messages back whose node died or froze while it sent them."),
        "Quarantine" => new("Setting crash loops aside", "Takes messages out whose nodes died with them again and again; they wait for a person."),
        "Expirer" => new("Expiring what is too late", "Ends messages that still wait when their time is over."),
        "CountRollup" => new("Adding up the counters", "Folds what was counted into the books, the rates and the statistics."),
        "BalanceSweep" => new("Checking the books", "Counts the rows again and compares them with the books; a difference is an alert."),
        "BookClosing" => new("Closing old books", "Puts the counters of days whose messages are gone into one row."),
        "JobsVacuum" => new("Vacuuming the queue", "Clears dead rows out of the queue when there are many; run now clears any."),
        "ReceiptRetention" => new("Forgetting old receipts", "Takes away receipts of messages that are not ours, when they are old."),
        "TrackingRetention" => new("Forgetting old links and figures", "Takes away short links and statistics when they are older than anybody asked to keep."),
        "KeyRetention" => new("Forgetting event ids", "Takes away event ids and idempotency keys whose promise is over."),
        "OperatorRetention" => new("Forgetting old entries", "Takes away old alerts, operations, decisions and entries of the audit log."),
        "RunRetention" => new("Forgetting who campaigns went to", "Takes away who was meant by runs that ended long ago; their figures stay."),
        "RestoredRuns" => new("Holding restored campaigns", "Holds the campaigns that a restored copy of the database would go on with, when somebody has decided so."),
        "SetAside" => new("Setting aside what a restore brought back", "Makes failed what was queued in a restored copy of the database, when somebody has decided so."),
        "UndoRetention" => new("Forgetting what can be undone", "Takes away what messages were before an operation decided on them, a week after it did."),
        "WebhookRescue" => new("Rescuing webhooks", "Gives webhook events back whose node died while it delivered them."),
        "WebhookRetention" => new("Forgetting old webhook events", "Takes away events and their attempts when they are old, and endpoints that were deleted."),
        "Mirror" => new("Telling Hangfire", "Brings what Hangfire shows in line with the queue."),
        _ => new(Capital().Replace(name, " $0").Trim(), ""),
    };

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Capital();
}
