using System.Text.RegularExpressions;
using NotificationServer.Platform;

namespace NotificationServer.Tests.Architecture;

/// While a new version is deployed the version before works on its schema: a migration only adds. What is taken away goes with a later version, when nobody
/// uses it any more, and says so: `-- contract: ...` on the line before. docs/deployment.md has the rules.
public sealed partial class MigrationRulesTests
{
    // Before this one no two versions ever ran beside each other.
    private const int First = 26;

    private static readonly (Regex Pattern, string Because)[] Rules =
    [
        (DropsWhatIsUsed(), "takes away what the version before uses"),
        (Renames(), "renames what the version before uses"),
        (ChangesType(), "changes a type: rows are written anew under a lock, and the version before may not read them"),
        (NeedsValue(), "demands a value that the version before does not write: give it a default"),
        (Empties(), "takes away what the version before uses"),
    ];

    [Fact]
    public void A_migration_takes_nothing_from_the_version_before() =>
        Violations.None(Migration.Embedded.Where(migration => migration.Number >= First).SelectMany(migration => Broken(migration.Sql).Select(because => $"{migration.Name}: {because}")));

    [Theory]
    [InlineData("alter table messages drop column reason;", true)]
    [InlineData("drop table inbox;", true)]
    [InlineData("drop view if exists message_states;", true)]
    [InlineData("alter table jobs rename column lane to line;", true)]
    [InlineData("alter table jobs\n    alter column lane type integer;", true)]
    [InlineData("alter table jobs alter column expires_at set not null;", true)]
    [InlineData("alter table jobs add column batch uuid not null;", true)]
    [InlineData("truncate chores;", true)]
    [InlineData("alter table jobs add column batch integer not null default 0;", false)]
    [InlineData("alter table jobs add column batch uuid;", false)]
    [InlineData("create table made (id uuid not null);", false)]
    [InlineData("-- we do not drop table inbox\nselect 1;", false)]
    [InlineData("-- contract: nobody has read it since 0031\nalter table messages drop column reason;", false)]
    [InlineData("alter table x drop constraint narrow;", false)]
    public void The_rules_bite(string sql, bool isBroken) => Assert.Equal(isBroken, Broken(sql).Any());

    private static IEnumerable<string> Broken(string sql)
    {
        // A statement at a time, without those that are excused and without comments.
        var excused = Contract().Replace(sql, "");
        var statements = Comment().Replace(excused, "").Split(';');
        return from statement in statements
               from rule in Rules
               where rule.Pattern.IsMatch(statement)
               select $"{rule.Because}: {OneLine(statement)}";
    }

    private static string OneLine(string statement) => Spaces().Replace(statement, " ").Trim();

    [GeneratedRegex(@"\bdrop\s+(table|column|view|materialized\s+view|schema|type)\b", RegexOptions.IgnoreCase)]
    private static partial Regex DropsWhatIsUsed();

    [GeneratedRegex(@"\brename\s+(to|column)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Renames();

    [GeneratedRegex(@"\balter\s+column\s+\w+\s+(set\s+data\s+)?type\b", RegexOptions.IgnoreCase)]
    private static partial Regex ChangesType();

    [GeneratedRegex(@"\bset\s+not\s+null\b|\badd\s+column\s+(?![^,]*\bdefault\b)[^,]*\bnot\s+null\b", RegexOptions.IgnoreCase)]
    private static partial Regex NeedsValue();

    [GeneratedRegex(@"^\s*truncate\b", RegexOptions.IgnoreCase)]
    private static partial Regex Empties();

    [GeneratedRegex(@"^\s*--\s*contract:[^\n]*\n[^;]*;", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Contract();

    [GeneratedRegex(@"--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
