using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Api.Http;

/// What one caller may cost this node.
internal sealed class ApiOptions
{
    public const string Section = "Api";

    [Range(1024, 10_485_760)]
    public int MaxBodyBytes { get; init; } = 256 * 1024;

    [Range(1024, 104_857_600)]
    public int MaxBulkBodyBytes { get; init; } = 5 * 1024 * 1024;

    /// A file of people. It is read as it comes, so that its size costs no memory.
    [Range(1024L, 1L << 40)]
    public long MaxImportBytes { get; init; } = 1024 * 1024 * 1024;

    /// Together, over all connections: what is above waits in the backlog of the operating system.
    [Range(10, 1_000_000)]
    public int MaxConnections { get; init; } = 10_000;

    /// How long a caller may take to send its headers.
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// Slower bodies are cut off after <see cref="BodyGrace"/>.
    [Range(1, 1_000_000)]
    public int MinBodyBytesPerSecond { get; init; } = 240;

    [Range(typeof(TimeSpan), "00:00:01.500", "00:05:00")]
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// How long a key is believed without asking the database again: the most that a revocation takes.
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan KeyCache { get; init; } = TimeSpan.FromSeconds(10);

    /// What a key may ask unless it has a limit of its own: notifications (and other requests) a second, over all nodes.
    [Range(1, 1_000_000)]
    public int RateLimit { get; init; } = 100_000;

    /// How much of its limit a key may save up while it asks less: this much time's worth.
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RateBurst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// How many lists, reports and estimates of a key run at once on this node: well below `Database:MaxPoolSize`.
    [Range(1, 100)]
    public int ReadsAtOnce { get; init; } = 4;

    /// How many messages a page of `GET /v1/messages` looks through where no index knows the answer.
    [Range(10, 10_000_000)]
    public int LooksAt { get; init; } = 100_000;
}
