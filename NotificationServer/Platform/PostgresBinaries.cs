using System.Globalization;
using System.Text.RegularExpressions;

namespace NotificationServer.Platform;

/// The folder of an installed PostgreSQL's server programs (initdb, pg_ctl, postgres).
internal sealed partial record PostgresBinaries(string Folder, int Version)
{
    public const int OldestVersion = 15;

    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    public static async Task<PostgresBinaries> FindAsync(CancellationToken ct)
    {
        List<PostgresBinaries> tooOld = [];
        foreach (var folder in Folders().Where(IsComplete))
        {
            var said = await Subprocess.RunAsync([Path.Combine(folder, "postgres"), "--version"], ct);
            var version = int.Parse(MajorVersion().Match(said.Output).Groups["major"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            if (version >= OldestVersion)
                return new PostgresBinaries(folder, version);
            tooOld.Add(new PostgresBinaries(folder, version));
        }

        var found = tooOld.Count == 0 ? "No PostgreSQL is installed" : $"PostgreSQL {tooOld[0].Version} in {tooOld[0].Folder} is too old";
        throw new StartupException(
            $"{found}: install PostgreSQL {OldestVersion} or newer ({HowToInstall}), or set ConnectionStrings__Default to a database.");
    }

    private static string HowToInstall => OperatingSystem.IsMacOS() ? "brew install postgresql@17" : "Debian and Ubuntu: apt-get install postgresql";

    private static IEnumerable<string> Folders()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return path
            .Concat(Below("/usr/lib/postgresql", "*"))
            .Concat(Below("/opt/homebrew/opt", "postgresql*"))
            .Concat(Below("/usr/local/opt", "postgresql*"))
            .Concat(Below("/usr", "pgsql-*"));
    }

    /// Newest first.
    private static IEnumerable<string> Below(string folder, string pattern) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateDirectories(folder, pattern)
            .OrderByDescending(each => int.TryParse(LastNumber().Match(each).ValueSpan, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Select(each => Path.Combine(each, "bin"));

    private static bool IsComplete(string folder) =>
        Programs.All(program => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex(@"(?<major>\d+)(\.|devel|beta|rc|$|\s)")]
    private static partial Regex MajorVersion();

    [GeneratedRegex(@"\d+$")]
    private static partial Regex LastNumber();
}
