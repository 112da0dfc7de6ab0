using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using NotificationServer.Platform;

namespace NotificationServer.Tests.Support;

/// The real server, as a process that can be killed: `dotnet NotificationServer.dll` on a free port, in Development unless told
/// otherwise. Without ConnectionStrings__Default it brings up a PostgreSQL of its own in its data directory.
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => this.process = process;

    public Uri Url { get; private set; } = null!; // StartAsync sets it before anybody sees this

    public HttpClient Client { get; } = new();

    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// The built server, of the same configuration as these tests.
    public static string BuiltServer { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace("/NotificationServer.Tests/", "/NotificationServer/", StringComparison.Ordinal), "NotificationServer.dll");

    public static string Repository { get; } = FindRepository();

    /// Starts it and waits until it is ready for requests.
    public static async Task<ServerProcess> StartAsync(string dataDirectory, IReadOnlyDictionary<string, string>? environment = null)
    {
        var server = Launch(["dotnet", BuiltServer, "--port", "0"], dataDirectory, environment);
        await server.BecomeReadyAsync();
        return server;
    }

    /// Starts any command that ends up being the server (./run), without waiting.
    public static ServerProcess Launch(string[] command, string dataDirectory, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var inherited in start.Environment.Keys.Where(key => Inherited().IsMatch(key)).ToArray())
            start.Environment.Remove(inherited);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["NS_DATA_DIR"] = dataDirectory;
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;

        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        server.process.OutputDataReceived += (_, line) => server.Read(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        server.process.Exited += (_, _) => server.listening.TrySetException(new InvalidOperationException("The server ended"));
        server.process.Start();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        return server;
    }

    public async Task BecomeReadyAsync()
    {
        try
        {
            Url = await listening.Task.WaitAsync(Patience);
            Client.BaseAddress = Url;
            await Eventually.IsTrueAsync(async () => (await Client.GetAsync(new Uri("healthz/ready", UriKind.Relative))).IsSuccessStatusCode, Patience);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException)
        {
            throw new InvalidOperationException($"The server did not become ready. It said:\n{Output}", e);
        }
    }

    /// What a server in Development has written down for people who want to try it, in its data directory.
    public static string Told(string dataDirectory, string name) =>
        File.ReadLines(Path.Combine(dataDirectory, "dev.env")).Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    /// As a power cut would: no handler runs. Only this process; a PostgreSQL of its own lives on.
    public void Kill9() => process.Kill();

    public Task<int> TerminateAsync() => SignalAsync("TERM", process.Id);

    /// To a negative id: to that process group, as Ctrl-C in a terminal does. The exit code.
    public async Task<int> SignalAsync(string signal, int id)
    {
        await Subprocess.RunAsync(["kill", $"-{signal}", "--", $"{id}"], default);
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await TerminateAsync();
        process.Dispose();
        Client.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
        if (ListeningOn().Match(line) is { Success: true } match)
            listening.TrySetResult(new Uri(match.Groups["url"].Value));
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "NotificationServer.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"Now listening on: (?<url>http\S+)")]
    private static partial Regex ListeningOn();

    /// What the surroundings of a test run must not decide for the server under test.
    [GeneratedRegex("^(NS_|ASPNETCORE_|ConnectionStrings__|Database__)")]
    private static partial Regex Inherited();
}
