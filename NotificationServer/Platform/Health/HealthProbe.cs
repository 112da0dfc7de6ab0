namespace NotificationServer.Platform.Health;

/// `ready` and `live`: asks the server that runs beside this process, so that an image needs no other program for its health check. Exit code 0:
/// it is; 1: it is not, or does not answer.
internal static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void RunAndExit(IConfiguration configuration, CommandLine line)
    {
        var address = Listening.Address(configuration, line)
            ?? throw new StartupException("Health is asked over http, and this server listens over https only: ask it from outside.");
        var (isFine, says) = AskAsync(new Uri(address, line.Command == ServerCommand.Live ? "healthz/live" : "healthz/ready")).GetAwaiter().GetResult();
        (isFine ? Console.Out : Console.Error).WriteLine(says);
        Environment.Exit(isFine ? 0 : 1);
    }

    private static async Task<(bool IsFine, string Says)> AskAsync(Uri url)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Patience }) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(url);
            return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return (false, $"error: {url} does not answer.");
        }
    }
}
