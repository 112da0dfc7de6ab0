using NotificationServer.Benchmarks.Measures;

namespace NotificationServer.Benchmarks;

/// What the command line asks for: `[NAME ...] [--json FILE] [--quick]`.
internal sealed record Wish(string Name, IReadOnlyList<IMeasure> Measures, string? JsonFile, bool Quick)
{
    public const string All = "all";

    /// Long, so only by name.
    private static readonly string[] Apart = ["sustained", "pages", "campaign", "cost"];

    /// Nothing that the raw limit of the database could be compared with.
    private static readonly string[] InMemory = ["templates", "pages"];

    public static Wish Parse(IReadOnlyList<string> words, IReadOnlyList<IMeasure> known)
    {
        var line = new CommandLine(words, Usage(known), ["--quick"], ["--json"], word => word == All || known.Any(measure => measure.Name == word));
        var names = line.Names.Where(name => name != All).ToList();

        // The raw limit is part of every run: the ratios are to that of the same minutes on the same machine.
        var compared = names.Count == 0 || names.Exists(name => !InMemory.Contains(name));
        var wanted = known.Where((measure, at) => (compared && at == 0) || (names.Count == 0 ? !Apart.Contains(measure.Name) : names.Contains(measure.Name)));
        return new Wish(names.Count == 0 ? All : string.Join('+', names), [.. wanted], line.Value("--json"), line.Has("--quick"));
    }

    private static string Usage(IReadOnlyList<IMeasure> known) => $"""
        Usage: ./bench [NAME ...] [--json FILE] [--quick]

          NAME         {string.Join(", ", known.Select(measure => measure.Name))}
                       (none: all of them but {string.Join(", ", Apart)}, about 10 minutes)
          --json FILE  also write the figures there
          --quick      a tenth of the sizes: to see that it works, not to quote

        ./bench seed fills the database of ./run with a million people and five million messages, to look at.
        ./bench faults random plays half an hour of faults by chance on three nodes: docs/reliability.md.
        ./bench day plays a day of 16 million messages in a few minutes: docs/scaling.md.
        ./bench faults, ./bench outage and ./bench rates play what goes wrong, with words of their own: docs/reliability.md, docs/providers.md.
        ./bench fuzz throws nonsense at every operation of the API: docs/security.md.

        ConnectionStrings__Default uses a PostgreSQL of yours (as a user who may create databases) instead of a private one.
        """;
}
