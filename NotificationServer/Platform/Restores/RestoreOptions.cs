using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Platform.Restores;

/// How a node tells that its database is an older copy, or a copy elsewhere, of the one that it should work with.
internal sealed class RestoreOptions
{
    public const string Section = "RestoreGuard";

    /// What this installation is called, such as `production`: a database that was used by one of another name is not sent from. Null: nobody asks.
    [StringLength(100)]
    public string? Installation { get; init; }

    /// How often a node notes in the database and beside it how far it has come.
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:10")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    /// So much may be missing without anybody being asked: a standby that took over without having been synchronous lacks its last moment.
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Tolerates { get; init; } = TimeSpan.FromSeconds(5);

    /// A node that remembers nothing waits so long for one that does, when the database was restored or taken over.
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}
