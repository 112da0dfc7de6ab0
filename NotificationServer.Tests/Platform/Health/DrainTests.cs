using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform.Health;

/// A server leaves its load balancer.
public sealed class DrainTests(Database database) : IClassFixture<Database>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-drain-");

    public void Dispose() => folder.Delete(recursive: true);

    // Ten minutes, so that nothing here ends by itself.
    [Fact]
    public async Task Told_to_stop_it_is_not_ready_at_once_but_answers_until_the_time_is_up_or_somebody_hurries_it()
    {
        await using var server = await ServerProcess.StartAsync(folder.FullName, new Dictionary<string, string>
        {
            ["ConnectionStrings__Default"] = database.ConnectionString, ["Health__DrainDelay"] = "00:10:00",
        });
        Assert.Equal(0, await AskAsync("ready", server.Url.Port));
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(server)).StatusCode);

        var ended = server.TerminateAsync();
        await Eventually.IsTrueAsync(async () => await ReadyAsync(server) == HttpStatusCode.ServiceUnavailable);

        using var late = await PostAsync(server);
        Assert.Equal(HttpStatusCode.Accepted, late.StatusCode);
        Assert.True(late.Headers.ConnectionClose);
        var said = await server.Client.GetAsync(new Uri("healthz/ready", UriKind.Relative));
        Assert.Equal("""{"status":"not_ready","checks":{"stopping":"yes"}}""", await said.Content.ReadAsStringAsync());
        Assert.Equal(0, await AskAsync("live", server.Url.Port));
        Assert.False(ended.IsCompleted);

        Assert.Equal(0, await server.TerminateAsync());
        Assert.Equal(1, await AskAsync("ready", server.Url.Port));
    }

    /// As the health check of a container does it.
    private async Task<int> AskAsync(string command, int port)
    {
        await using var probe = ServerProcess.Launch(["dotnet", ServerProcess.BuiltServer, command], folder.FullName, new Dictionary<string, string> { ["ASPNETCORE_URLS"] = $"http://+:{port}" });
        return await probe.ExitAsync();
    }

    private static async Task<HttpStatusCode> ReadyAsync(ServerProcess server)
    {
        using var answer = await server.Client.GetAsync(new Uri("healthz/ready", UriKind.Relative));
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(ServerProcess server)
    {
        var key = ServerProcess.Told(folder.FullName, "NS_API_KEY");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/notifications")
        {
            Content = JsonContent.Create(new { to = new[] { new { email = "ann@example.org" } }, channels = new[] { "email" }, content = new { subject = "Hello", text = "It works." } }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await server.Client.SendAsync(request);
    }
}
