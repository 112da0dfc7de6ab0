using System.Text;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api;

/// What holds for every answer, whoever made it.
public sealed class FoundationTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Call = "GET /v1/categories";

    [Fact]
    public async Task An_unknown_address_and_a_wrong_method_are_problems_too()
    {
        await server.Client.RefusesAsync("GET /v1/nothing", null, 404, "not_found");
        await server.Client.RefusesAsync("GET /nothing", null, 404, "not_found");
        await server.ClientFor(null).RefusesAsync("GET /nothing", null, 404, "not_found");
        await server.Client.RefusesAsync("DELETE /v1/categories", null, 405, "method_not_allowed");
    }

    [Fact]
    [Bar("S37")]
    public async Task Every_answer_says_by_which_id_its_request_is_found_and_not_what_serves_it()
    {
        using var plain = await server.Client.SendAsync(Call);
        using var named = await server.Client.SendAsync(Call, null, ("X-Request-Id", "mine-1"));

        Assert.Matches("^[0-9a-f]{32}$", plain.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("mine-1", named.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("nosniff", named.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(named.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_trace_that_the_caller_began_goes_on()
    {
        using var response = await server.Client.SendAsync("GET /v1/users/unknown", null, ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

        var problem = await ProblemAssert.IsAsync(response, 404, "not_found");
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", problem.GetProperty("trace_id").GetString());
        Assert.Equal("/v1/users/unknown", problem.GetProperty("instance").GetString());
        Assert.False(problem.GetProperty("retryable").GetBoolean());
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    [Bar("S37")]
    public async Task An_error_of_ours_tells_no_secrets(string environment)
    {
        await using var broken = await ServerHost.StartAsync(environment);
        await using (var connection = await broken.Database.Source.OpenConnectionAsync())
            await connection.ExecuteAsync("alter table categories rename to gone");

        using var response = await broken.Client.SendAsync(Call);

        var problem = await ProblemAssert.IsAsync(response, 500, "internal_error");
        Assert.DoesNotContain("categories\"", problem.GetProperty("detail").GetString() + "\"", StringComparison.Ordinal);
        Assert.DoesNotContain("Npgsql", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S37")]
    public async Task A_database_that_is_away_is_a_503_that_says_when_to_come_back()
    {
        await using var orphan = await ServerHost.StartAsync(Environments.Production, new Dictionary<string, string?> { ["Api:KeyCache"] = "00:01:00" });
        await orphan.Client.JsonAsync(Call);
        var name = new Npgsql.NpgsqlConnectionStringBuilder(orphan.Database.ConnectionString).Database;
        await PostgresServer.ExecuteAsync($"""drop database "{name}" with (force)""");

        for (var again = 0; again < 3; again++)
        {
            foreach (var client in new[] { orphan.Client, orphan.ClientFor($"nsk_live_{new string('a', 16)}_{new string('0', 64)}") })
            {
                using var response = await client.SendAsync(Call);
                var problem = await ProblemAssert.IsAsync(response, 503, "unavailable");
                Assert.True(problem.GetProperty("retryable").GetBoolean());
                Assert.NotNull(response.Headers.RetryAfter?.Delta);
            }
        }
    }

    [Fact]
    [Bar("S36", "B60")]
    public async Task Bad_requests_do_not_fill_the_log()
    {
        var folder = Directory.CreateTempSubdirectory("ns-log-");
        await using var process = await ServerProcess.StartAsync(folder.FullName,
            new Dictionary<string, string> { ["ConnectionStrings__Default"] = server.Database.ConnectionString });
        var before = process.Output;

        using var wrong = await process.Client.PutAsync(new Uri("/v1/users/x", UriKind.Relative), new StringContent("{", Encoding.UTF8, "application/json"));
        process.Client.DefaultRequestHeaders.Authorization = new("Bearer", ServerProcess.Told(folder.FullName, "NS_API_KEY"));
        using var malformed = await process.Client.PutAsync(new Uri("/v1/users/x", UriKind.Relative), new StringContent("{", Encoding.UTF8, "application/json"));
        using var escape = await process.Client.SendAsync("GET /v1/users/%1b%5b31m", null);

        Assert.Equal((401, 400, 400), ((int)wrong.StatusCode, (int)malformed.StatusCode, (int)escape.StatusCode));
        var said = process.Output[before.Length..]; // of its start, if anything
        Assert.All(["v1/users", "BadHttpRequest", "[31m"], word => Assert.DoesNotContain(word, said, StringComparison.Ordinal));
        Assert.Equal(0, await process.TerminateAsync());
        folder.Delete(recursive: true);
    }
}
