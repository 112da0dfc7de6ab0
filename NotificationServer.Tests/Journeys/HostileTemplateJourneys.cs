using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;
using NotificationServer.Tests.Templates;

namespace NotificationServer.Tests.Journeys;

/// A node is given every hostile template over REST and sends what it accepts: it answers each, lives, and stays within its memory.
public sealed class HostileTemplateJourneys(Database database) : IClassFixture<Database>, IDisposable
{
    private const long HeapLimit = 256L * 1024 * 1024;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_hostile_");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_node_takes_a_hundred_hostile_templates_and_goes_on()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { DataDirectory = directory.CreateSubdirectory("simulator").FullName }, CancellationToken.None);
        var environment = simulator.ServerConfiguration.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value ?? "");
        environment["ConnectionStrings__Default"] = database.ConnectionString;
        // More than that and the runtime ends the process, which is what would happen in a container.
        environment["DOTNET_GCHeapHardLimit"] = HeapLimit.ToString("x", CultureInfo.InvariantCulture);
        await using var server = await ServerProcess.StartAsync(directory.CreateSubdirectory("data").FullName, environment);
        var key = ServerProcess.Told(Path.Combine(directory.FullName, "data"), "NS_API_KEY");
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        var data = JsonDocument.Parse(HostileTemplates.Data).RootElement;
        var (accepted, refused) = (0, 0);
        // What is larger than a request may be is cut off while it is sent.
        foreach (var (number, (_, text)) in HostileTemplates.All().Where(hostile => hostile.Text.Length < 200_000).Index())
        {
            var template = $"hostile-{number}";
            object channels = number % 2 == 0 ? new { sms = new { body = text } } : new { email = new { subject = "s", html = text } };
            using var stored = await server.Client.PostAsJsonAsync("/v1/templates", new { key = template, name = template, channels });
            Assert.True(stored.StatusCode is HttpStatusCode.Created or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"{number}: {stored.StatusCode}");
            if (stored.StatusCode != HttpStatusCode.Created)
            {
                refused++;
                continue;
            }
            accepted++;
            using var sent = await server.Client.PostAsJsonAsync("/v1/notifications", new
            {
                event_id = template, to = new[] { new { phone = "+15550000001", email = "a@example.org" } }, channels = new[] { number % 2 == 0 ? "sms" : "email" }, template, data,
            });
            Assert.True(sent.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.UnprocessableEntity, $"{number}: {sent.StatusCode} {await sent.Content.ReadAsStringAsync()}");
        }

        await Eventually.IsTrueAsync(async () => await CountAsync("select count(*) from jobs") == 0, TimeSpan.FromSeconds(60));
        Assert.True(accepted > 15 && refused > 30, $"{accepted} accepted, {refused} refused: the test has lost its point");
        Assert.InRange(await CountAsync("select count(*) from messages where status in ('sent', 'delivered')"), 1, accepted);
        // What could not be said says why; nothing waits, and nothing was tried without end.
        Assert.Equal(0, await CountAsync("select count(*) from messages where status not in ('sent', 'delivered') and (status <> 'failed' or reason not like 'template_error%')"));
        Assert.True((await server.Client.GetAsync(new Uri("healthz/ready", UriKind.Relative))).IsSuccessStatusCode);
    }

    private async Task<int> CountAsync(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
