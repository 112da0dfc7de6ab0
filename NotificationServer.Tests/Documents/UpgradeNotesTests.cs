using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Documents;

/// docs/upgrading.md has a word on every migration.
public sealed partial class UpgradeNotesTests
{
    [Fact]
    public void No_migration_comes_without_a_note()
    {
        var noted = Number().Matches(string.Join('\n', Source.Read("docs/upgrading.md").Split('\n').Where(line => line.StartsWith("| 0", StringComparison.Ordinal)).Select(line => line.Split('|')[1])))
            .Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        Violations.None(from file in Source.Files("migrations", ".sql")
                        let number = Path.GetFileName(file)[..4]
                        where !noted.Contains(number)
                        select $"{file} has no row in docs/upgrading.md");
    }

    [GeneratedRegex(@"\b\d{4}\b")]
    private static partial Regex Number();
}
