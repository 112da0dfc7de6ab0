using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

public sealed class MigrationTests
{
    [Fact]
    public void Migrations_are_numbered_from_one_without_gaps_or_twins()
    {
        Assert.NotEmpty(Migration.Embedded);
        Assert.Equal(Enumerable.Range(1, Migration.Embedded.Count), Migration.Embedded.Select(migration => migration.Number));
    }

    [Fact]
    public void Every_sql_file_beside_them_is_built_in()
    {
        var files = Directory.GetFiles(Path.Combine(ServerProcess.Repository, "migrations"), "*.sql").Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(files.Order(), Migration.Embedded.Select(migration => migration.Name).Order());
    }

    // An applied migration never changes. A new one: (cd migrations && sha256sum *.sql > SHA256SUMS)
    [Fact]
    public void No_migration_has_changed_since_it_was_listed()
    {
        var listed = File.ReadLines(Path.Combine(ServerProcess.Repository, "migrations", "SHA256SUMS")).Order();

        Assert.Equal(listed, Migration.Embedded.Select(migration => $"{migration.Checksum}  {migration.Name}.sql").Order());
    }
}
