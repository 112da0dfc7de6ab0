using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dapper;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Documents;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform.Restores;

/// docs/database.md as it is typed: a dump, put back in another place, and let go by hand.
public sealed class DumpTests(Database original) : IClassFixture<Database>, IAsyncLifetime
{
    private readonly string copy = $"ns_test_dump_{Guid.CreateVersion7():N}";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns_dump_");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await PostgresServer.ExecuteAsync($"drop database if exists {copy} with (force)");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_queued_in_a_dump_is_sent_from_its_restore_only_after_a_person_said_so()
    {
        await using (var before = await StartAsync(original.ConnectionString))
        {
            before.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.Told(folder.FullName, "NS_API_KEY"));
            await before.Client.JsonAsync("POST /v1/notifications",
                $$"""{"event_id":"before-the-dump","to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"Hello","text":"It works."},"send_at":"{{TimeProvider.System.GetUtcNow().AddMinutes(1):O}}"}""");
            Assert.Equal(0, await before.TerminateAsync());
        }
        var lines = DatabaseTools.Lines("pg_dump");
        await DatabaseTools.TypeAsync(folder.FullName, [lines[0].With(new NpgsqlConnectionStringBuilder(original.ConnectionString).Database!), .. lines[1..].Select(line => line.With(copy))]); // a test's database has a name
        await AskAsync<object>("update jobs set run_at = now()"); // its time came before the copy was up

        await using var after = await StartAsync(PostgresServer.ConnectionStringFor(copy));
        await Eventually.IsTrueAsync(async () => JsonNode.Parse(await after.Client.GetStringAsync(new Uri("healthz/ready", UriKind.Relative)))!["checks"]!["sending"]!.GetValue<string>() == "held");
        Assert.Equal("queued", await AskAsync<string>("select status from messages"));

        await DatabaseTools.TypeAsync(folder.FullName, DatabaseTools.Lines("dotnet NotificationServer.dll confirm-restore").Select(line => line.Replace("set-aside", "send", StringComparison.Ordinal).With(copy)),
            new Dictionary<string, string> { ["ConnectionStrings__Default"] = PostgresServer.ConnectionStringFor(copy) });

        await Eventually.IsTrueAsync(async () => await AskAsync<string>("select status from messages") == "sent");
    }

    private Task<ServerProcess> StartAsync(string database) =>
        ServerProcess.StartAsync(folder.FullName, new Dictionary<string, string> { ["ConnectionStrings__Default"] = database });

    private async Task<T?> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.ConnectionStringFor(copy) + ";Pooling=false");
        return await connection.ExecuteScalarAsync<T>(sql);
    }
}
