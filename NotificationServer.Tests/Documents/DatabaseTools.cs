using System.Text.RegularExpressions;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Documents;

/// Types lines of docs/database.md with PostgreSQL's own tools, as its superuser; only names and addresses are of the test.
internal static partial class DatabaseTools
{
    /// The lines of the one block that begins with these words.
    public static string[] Lines(string beginning) =>
        [.. DocumentBlock.All.Single(block => block.Document == "docs/database.md" && block.Text.TrimStart().StartsWith(beginning, StringComparison.Ordinal)).Text.Split('\n').Select(line => line.Trim())];

    /// The line with another database than `notifications`, and the server where it was built.
    public static string With(this string line, string database) =>
        DatabaseName().Replace(line, database).Replace("NotificationServer.dll", $"'{ServerProcess.BuiltServer}'", StringComparison.Ordinal);

    public static async Task TypeAsync(string folder, IEnumerable<string> lines, IReadOnlyDictionary<string, string>? more = null)
    {
        var to = new NpgsqlConnectionStringBuilder(PostgresServer.AdminConnectionString);
        var programs = (await PostgresBinaries.FindAsync(default)).Folder;
        var environment = new Dictionary<string, string>(more ?? new Dictionary<string, string>())
        {
            ["PGHOST"] = to.Host!, // a test run's address names it
            ["PGPORT"] = $"{to.Port}",
            ["PGUSER"] = to.Username ?? "postgres",
            ["PGOPTIONS"] = "-c client_min_messages=warning",
            ["NS_DATA_DIR"] = folder,
            ["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}{programs}",
        };
        if (to.Password is { Length: > 0 } password) environment["PGPASSWORD"] = password;

        var (code, said) = await Shell.RunAsync(Shell.Script([new DocumentBlock("docs/database.md", 1, "bash", "", string.Join('\n', lines))]), folder, environment);

        Assert.True(code == 0, said);
        Assert.DoesNotContain("ERROR:", said, StringComparison.Ordinal); // psql goes on after one
    }

    [GeneratedRegex(@"(?<![\w./])notifications(?![\w.])")]
    private static partial Regex DatabaseName();
}
