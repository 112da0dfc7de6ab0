using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dapper;
using NotificationServer.Tests.Journeys;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Queue.Hangfire;

/// Between the 202 and Hangfire there is nothing to lose: the queued row is what the publisher looks for.
public sealed class PublishCrashTests(Database database) : IClassFixture<Database>, IDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("ns_publish_");

    public void Dispose() => data.Delete(recursive: true);

    [Theory]
    [InlineData("after_commit_before_ack")]
    [InlineData("before_publish_commit")]
    public async Task A_node_that_dies_before_hangfire_knows_loses_nothing(string failPoint)
    {
        var phone = Walk.SomePhone();
        await using (var first = await StartAsync(new() { ["NS_FAILPOINT"] = $"{failPoint}:exit" }))
        {
            // The process may be gone before it answers, depending on where it dies; the caller's event is stored in both cases.
            await Record.ExceptionAsync(() => PostAsync(first, phone));
            await first.ExitAsync();
        }
        Assert.Equal((1, 0), await LookAsync(phone, "select count(*)::int, (select count(*) from hangfire_jobs h where h.message_id = any(array_agg(m.id)))::int from messages m where m.address = @phone"));

        await using var second = await StartAsync([]);
        await Eventually.IsTrueAsync(async () => (await LookAsync(phone, "select count(*)::int, 0 from messages m where m.address = @phone and m.status = 'sent'")).Item1 == 1, TimeSpan.FromSeconds(30));
    }

    private Task<ServerProcess> StartAsync(Dictionary<string, string> environment)
    {
        environment["ConnectionStrings__Default"] = database.ConnectionString;
        return ServerProcess.StartAsync(data.FullName, environment);
    }

    private async Task<(int, int)> LookAsync(string phone, string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(int, int)>(sql, new { phone });
    }

    private async Task PostAsync(ServerProcess server, string phone)
    {
        var key = ServerProcess.Told(data.FullName, "NS_API_KEY");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/notifications")
        {
            Content = JsonContent.Create(new { to = new[] { new { phone } }, channels = new[] { "sms" }, content = new { text = "Hello" } }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(request);
    }
}
