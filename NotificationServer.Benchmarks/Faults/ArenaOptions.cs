namespace NotificationServer.Benchmarks.Faults;

internal sealed record ArenaOptions
{
    public required Scale Scale { get; init; }
    public int Nodes { get; init; } = 2;

    /// A superuser's; null: a PostgreSQL of its own, which scenarios may stop and crash.
    public string? Postgres { get; init; }

    /// Where the private PostgreSQL keeps its data; null: in the temporary folder.
    public string? PostgresFolder { get; init; }

    /// Where the private PostgreSQL keeps its write-ahead log; null: with its data.
    public string? LogFolder { get; init; }

    /// Where a standby of the private PostgreSQL will be: the nodes know both from the start. Null: there will be none.
    public int? StandbyPort { get; init; }

    /// A second set of providers at a place of its own, for which the first one's credentials are good.
    public bool SecondPlace { get; init; }

    /// For every node, after all others.
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
