using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

/// `./run --nodes 3`: the topology of docker-compose.yml as plain processes.
public sealed class RunNodesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-run-nodes-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Three_nodes_share_a_database_that_outlives_each_of_them_and_one_Ctrl_C_ends_them_all()
    {
        await using var run = ServerProcess.Launch([Path.Combine(ServerProcess.Repository, "run"), "--nodes", "3", "--port", "0"], folder.FullName);
        await run.BecomeReadyAsync();
        using var client = new HttpClient();
        var (second, worker) = (await ReadyAsync(client, "2"), await ReadyAsync(client, "worker"));
        var processes = Pids().Select(pid => Process.GetProcessById(pid)).ToList();
        Assert.Equal(3, processes.Count);
        // It only sends, and says so itself: there is nothing to ask it for.
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(worker, "v1/categories"))).StatusCode);
        await Eventually.IsTrueAsync(async () => (await SaidAsync(client, new Uri(worker, "healthz/ready"))).GetProperty("checks").GetProperty("workers").GetString() == "claiming");
        // The first is the one whose address people are given.
        Assert.Equal(run.Url, new Uri(Told("NS_URL") + "/"));

        await Subprocess.RunAsync(["kill", "-9", Pid("1")], default);
        await Eventually.IsTrueAsync(() => run.Output.Contains("node 1 has ended (exit code 137); the others go on", StringComparison.Ordinal));

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Told("NS_API_KEY"));
        using var posted = await client.PostAsJsonAsync(new Uri(second, "v1/notifications"),
            new { to = new[] { new { email = "ann@example.org" } }, channels = new[] { "email" }, content = new { subject = "Hello", text = "It works." } });
        var message = JsonDocument.Parse(await posted.Content.ReadAsStringAsync()).RootElement.GetProperty("messages")[0].GetProperty("id").GetString();
        await Eventually.IsTrueAsync(async () =>
            (await client.GetFromJsonAsync<JsonElement>(new Uri(second, $"v1/messages/{message}"))).GetProperty("delivery_status").GetString() is "sent" or "delivered");

        Assert.Equal(0, await run.SignalAsync("INT", run.Id));
        Assert.All(processes, process => Assert.True(process.HasExited));
        Assert.False(PostgresCluster.IsHeld(Path.Combine(folder.FullName, "postgres")));
        // The database went last: nobody lost it.
        Assert.DoesNotContain("terminating connection", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "nodes")));
    }

    private async Task<Uri> ReadyAsync(HttpClient client, string node)
    {
        var file = Path.Combine(folder.FullName, "nodes", $"{node}.url");
        await Eventually.IsTrueAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), TimeSpan.FromMinutes(2));
        var url = new Uri(File.ReadAllText(file).Trim());
        await Eventually.IsTrueAsync(async () => (await client.GetAsync(new Uri(url, "healthz/ready"))).IsSuccessStatusCode);
        return url;
    }

    private string Pid(string node) => File.ReadAllText(Path.Combine(folder.FullName, "nodes", $"{node}.pid")).Trim();

    private IEnumerable<int> Pids() => Directory.GetFiles(Path.Combine(folder.FullName, "nodes"), "*.pid").Select(file => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture));

    private string Told(string name) => ServerProcess.Told(folder.FullName, name);

    /// Whatever the status is.
    private static async Task<JsonElement> SaidAsync(HttpClient client, Uri page)
    {
        using var answer = await client.GetAsync(page);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
