using System.Globalization;

namespace NotificationServer.Benchmarks.Parts;

/// The processor time of a PostgreSQL on this machine: of its postmaster, of what it started and of what it started and is gone.
internal static class PostgresCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    /// Null where the processes cannot be seen: another machine, or no /proc.
    public static async Task<TimeSpan?> SoFarAsync(Arena arena, CancellationToken ct)
    {
        var backend = await arena.AskAsync<int>(Sql.Backend, ct);
        if (Stat(backend) is not { } one) return null;
        var postmaster = one.Parent;
        var ticks = Stat(postmaster) is { } father ? father.Own + father.Gone : 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Stat(id) is { } child && child.Parent == postmaster) ticks += child.Own + child.Gone;
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static (int Parent, double Own, double Gone)? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            // The name stands in brackets and may hold anything: what follows it has fixed places.
            var words = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return words[0] == "Z" ? null : (Number<int>(words[1]), Number<double>(words[11]) + Number<double>(words[12]), Number<double>(words[13]) + Number<double>(words[14]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone meanwhile
        }
    }

    private static T Number<T>(string word) where T : IParsable<T> => T.Parse(word, CultureInfo.InvariantCulture);

    private static class Sql
    {
        public const string Backend = "select pg_backend_pid()";
    }
}
