using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

public sealed class DurabilityCheckTests(Database db) : IClassFixture<Database>
{
    [Fact]
    public async Task A_database_that_keeps_what_it_confirms_is_fine() =>
        await new DurabilityCheck(db.Source, Options.Create(new DatabaseOptions())).RunAsync(default);

    // Set on the database here; it may as well sit on the role or in postgresql.conf.
    [Fact]
    public async Task A_database_that_may_forget_is_refused_unless_that_is_wanted()
    {
        await using (var connection = await db.Source.OpenConnectionAsync())
            await connection.ExecuteAsync($"alter database \"{connection.Database}\" set synchronous_commit = off");
        await using var forgetful = PostgresSource.Create(db.ConnectionString, new DatabaseOptions());

        var refused = await Assert.ThrowsAsync<StartupException>(() => Check(new DatabaseOptions()));
        await Check(new DatabaseOptions { RequireDurability = false });

        Assert.Contains("synchronous_commit is off", refused.Message, StringComparison.Ordinal);

        Task Check(DatabaseOptions options) => new DurabilityCheck(forgetful, Options.Create(options)).RunAsync(default);
    }
}
