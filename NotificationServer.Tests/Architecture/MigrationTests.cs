using NotificationServer.Platform;

namespace NotificationServer.Tests.Architecture;

public sealed class MigrationTests
{
    /// A migration that was released is never edited: databases out there have run it as it was. Add a line for each new file.
    private static readonly Dictionary<string, string> Checksums = new()
    {
        ["0001_foundation"] = "d4f8630825df9742544954a0c6b0e998b082a96b40d1cd385adeae00dfe6a6a4",
    };

    [Fact]
    public void Migrations_are_numbered_from_1_without_gaps()
    {
        Assert.Equal(Enumerable.Range(1, Migration.Embedded.Count), Migration.Embedded.Select(m => m.Number));
        Assert.Equal(
            Source.Files("migrations", ".sql").Select(file => Path.GetFileNameWithoutExtension(file)),
            Migration.Embedded.Select(m => m.Name));
    }

    [Fact]
    public void A_migration_is_never_changed_after_it_was_released()
    {
        Assert.Equal(Checksums, Migration.Embedded.ToDictionary(m => m.Name, m => m.Checksum));
    }
}
