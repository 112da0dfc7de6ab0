using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dapper;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Journeys;

/// Two builds for real: one that was made of an earlier commit, and this one. `./test deploy COMMIT` makes the earlier one.
public sealed class OlderBuildJourney : IAsyncLifetime
{
    private const string Older = "NS_OLDER_BUILD";

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class WithOlderBuildAttribute : FactAttribute
    {
        public WithOlderBuildAttribute() => Skip = Environment.GetEnvironmentVariable(Older) is { Length: > 0 } ? null : "./test deploy COMMIT runs it";
    }

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_older_");
    private readonly string database = $"ns_test_older_{Guid.CreateVersion7():N}";
    private readonly List<string> refused = [];
    private SimulatorHost simulator = null!; // xunit initialises before any test
    private int posted;

    public async Task InitializeAsync()
    {
        simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory.CreateSubdirectory("simulator").FullName }, CancellationToken.None);
        await PostgresServer.ExecuteAsync($"create database {database}");
    }

    public async Task DisposeAsync()
    {
        await simulator.DisposeAsync();
        await PostgresServer.ExecuteAsync($"drop database if exists {database} with (force)");
        directory.Delete(recursive: true);
    }

    [WithOlderBuild]
    public async Task The_older_build_serves_while_this_one_is_deployed_and_after_it_was_taken_back()
    {
        var older = await StartAsync(Environment.GetEnvironmentVariable(Older)!); // or it is skipped
        await using (older)
        {
            for (var i = 0; i < 20; i++) await PostAsync(older);
            await using var newer = await StartAsync(ServerProcess.BuiltServer, () => PostAsync(older));
            for (var i = 0; i < 20; i++) await PostAsync(i % 2 == 0 ? older : newer);
            Assert.Equal(0, await older.TerminateAsync());
            for (var i = 0; i < 20; i++) await PostAsync(newer);

            await using var again = await StartAsync(Environment.GetEnvironmentVariable(Older)!, () => PostAsync(newer));
            Assert.Equal(0, await newer.TerminateAsync());
            for (var i = 0; i < 20; i++) await PostAsync(again);
            await Eventually.IsTrueAsync(async () => await CountAsync("select count(*) from jobs") == 0);
        }

        Assert.Empty(refused);
        Assert.Equal(posted, await CountAsync("select count(*) from messages where status = 'sent'"));
        Assert.Equal(Enumerable.Range(1, posted).Select(Phone).Order(), simulator.Ledger.Select(entry => entry.To).Order());
    }

    /// Meanwhile: what goes on for as long as it starts.
    private async Task<ServerProcess> StartAsync(string build, Func<Task>? meanwhile = null)
    {
        var environment = simulator.ServerConfiguration.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value ?? "");
        environment["ConnectionStrings__Default"] = PostgresServer.ConnectionStringFor(database);
        var server = ServerProcess.Launch(["dotnet", build, "--port", "0"], directory.CreateSubdirectory("data").FullName, environment);
        var ready = server.BecomeReadyAsync();
        while (meanwhile is not null && !ready.IsCompleted) await meanwhile();
        await ready;
        return server;
    }

    private async Task PostAsync(ServerProcess server)
    {
        var number = ++posted;
        var key = ServerProcess.Told(Path.Combine(directory.FullName, "data"), "NS_API_KEY");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/notifications")
        {
            Content = JsonContent.Create(new { to = new[] { new { phone = Phone(number) } }, channels = new[] { "sms" }, content = new { text = $"Number {number}" } }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(request);
        if (!response.IsSuccessStatusCode) refused.Add($"{number}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static string Phone(int number) => $"+1555{number:D7}";

    private async Task<int> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.ConnectionStringFor(database) + ";Pooling=false");
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
