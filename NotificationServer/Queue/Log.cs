namespace NotificationServer.Queue;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "{Jobs} jobs had lost their node and are ready again")]
    public static partial void Rescued(ILogger log, int jobs);

    [LoggerMessage(1002, LogLevel.Warning, "{Sweep} could not reach the database; it tries again")]
    public static partial void SweepFailed(ILogger log, string sweep, Exception exception);

    [LoggerMessage(1003, LogLevel.Critical, "{Jobs} messages are quarantined: the nodes that held them died {Crashes} times. Look at them before you requeue them")]
    public static partial void Quarantined(ILogger log, int jobs, int crashes);

    [LoggerMessage(1010, LogLevel.Warning, "It cannot be read which queues are held; what was known holds")]
    public static partial void SwitchesUnread(ILogger log, Exception exception);

    [LoggerMessage(1013, LogLevel.Warning, "It cannot be read which campaigns are under way; what was known holds")]
    public static partial void CampaignsUnread(ILogger log, Exception exception);

    [LoggerMessage(1011, LogLevel.Warning, "A batch of an operation was interrupted and undone; it is done again")]
    public static partial void OperationInterrupted(ILogger log, Exception exception);

    [LoggerMessage(1012, LogLevel.Critical, "The books do not balance: {Kind} {Key}: {Detail}")]
    public static partial void OutOfBalance(ILogger log, string kind, string key, string detail);

    [LoggerMessage(1021, LogLevel.Warning, "This node could not say that it is alive; it tries again")]
    public static partial void HeartbeatFailed(ILogger log, Exception exception);

    [LoggerMessage(1022, LogLevel.Warning, "Other nodes could not be told of new work; they find it by polling")]
    public static partial void AnnouncingFailed(ILogger log, Exception exception);

    [LoggerMessage(1023, LogLevel.Warning, "Work of other nodes is not heard of at once; it is found by polling until that works again")]
    public static partial void ListeningFailed(ILogger log, Exception exception);

    [LoggerMessage(1024, LogLevel.Information, "Vacuumed the jobs: a channel had {Rows} dead rows")]
    public static partial void Vacuumed(ILogger log, long rows);

    [LoggerMessage(1025, LogLevel.Warning, "The backlog could not be estimated; the last estimate holds")]
    public static partial void BacklogUnknown(ILogger log, Exception exception);

    [LoggerMessage(1026, LogLevel.Information, "What was queued in the restored copy is set aside; sending goes on")]
    public static partial void AllSetAside(ILogger log);
}
