namespace NotificationServer.Benchmarks.Fuzz;

/// What came of a run. Valid: nothing was found.
internal sealed record FuzzReport
{
    public required int Seed { get; init; }
    public int Requests { get; set; }
    public int Routes { get; set; }
    /// Operations that took at least one request in.
    public int RoutesTaken { get; set; }
    public SortedDictionary<int, int> Statuses { get; } = [];
    /// Refused requests after which every table was compared with before.
    public int Compared { get; set; }
    public List<string> Findings { get; } = [];
    public bool Valid => Findings.Count == 0;

    public string Line => $"seed {Seed} requests {Requests} operations {Routes} taken {RoutesTaken} compared {Compared} | {string.Join(' ', Statuses.Select(one => $"{one.Key}:{one.Value}"))} | findings {Findings.Count} valid {(Valid ? "true" : "false")}";
}
