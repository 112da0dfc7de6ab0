namespace NotificationServer.Platform.Restores;

internal static partial class Log
{
    [LoggerMessage(120, LogLevel.Critical, "Nothing is sent any more ({Doubt}): {Sentence} A person has to decide, on /admin/maintenance or by confirm-restore")]
    public static partial void SendingHeld(ILogger log, string doubt, string sentence);

    [LoggerMessage(121, LogLevel.Information, "Sending goes on: somebody has said that this database may be sent from")]
    public static partial void SendingGoesOn(ILogger log);

    [LoggerMessage(122, LogLevel.Warning, "The database lacks {Lost} of what this node has seen: so little is taken for a standby that took over")]
    public static partial void LittleLost(ILogger log, TimeSpan lost);

    [LoggerMessage(123, LogLevel.Warning, "Whether the database is the one that this node knows could not be asked")]
    public static partial void InstanceUnread(ILogger log, Exception exception);

    [LoggerMessage(124, LogLevel.Warning, "PostgreSQL does not say where it lives ({SqlState}): a copy is told from the original only by what nodes remember")]
    public static partial void PlaceHidden(ILogger log, string sqlState);

    [LoggerMessage(125, LogLevel.Warning, "Nothing can be remembered in {Folder} ({Problem}): after a restart this node does not notice a restored database by itself. Give it a volume and NS_DATA_DIR")]
    public static partial void MemoryUnwritten(ILogger log, string folder, string problem);

    [LoggerMessage(126, LogLevel.Warning, "What was remembered in {Folder} cannot be read: {Problem}")]
    public static partial void MemoryUnread(ILogger log, string folder, string problem);
}
