using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using NotificationServer.Platform;

namespace NotificationServer.Benchmarks.Faults;

/// One real server process behind a proxy of its own to the database.
internal sealed partial class ServerNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerNode(Process process, FaultProxy database) => (this.process, Database) = (process, database);

    public FaultProxy Database { get; }

    public Uri Url { get; private set; } = null!; // StartAsync sets it before anybody sees this

    public HttpClient Probe { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    public bool IsAlive => !process.HasExited;

    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// The built server, of the same configuration as this harness.
    public static string BuiltServer { get; } = Path.Combine(
        ProjectFolder().Replace(AppContext.BaseDirectory, "/NotificationServer/", 1), "NotificationServer.dll");

    public static async Task<ServerNode> StartAsync(FaultProxy database, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", [BuiltServer, "--port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var inherited in start.Environment.Keys.Where(key => Inherited().IsMatch(key)).ToArray()) start.Environment.Remove(inherited);
        foreach (var (key, value) in environment) start.Environment[key] = value;

        var node = new ServerNode(new Process { StartInfo = start, EnableRaisingEvents = true }, database);
        node.process.OutputDataReceived += (_, line) => node.Read(line.Data);
        node.process.ErrorDataReceived += (_, line) => node.Read(line.Data);
        node.process.Exited += (_, _) => node.listening.TrySetException(new InvalidOperationException("The server ended"));
        node.process.Start();
        node.process.BeginOutputReadLine();
        node.process.BeginErrorReadLine();
        try
        {
            node.Url = await node.listening.Task.WaitAsync(Patience, ct);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            var said = node.Output;
            await node.DisposeAsync();
            throw new InvalidOperationException($"The server did not start. It said:\n{said}", e);
        }
        return node;
    }

    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Url, "healthz/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    /// As a power cut would: no handler runs.
    public async Task KillAsync(CancellationToken ct)
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(ct);
    }

    public Task FreezeAsync(CancellationToken ct) => SignalAsync("STOP", ct);

    public Task ThawAsync(CancellationToken ct) => SignalAsync("CONT", ct);

    public async Task<int> TerminateAsync(CancellationToken ct)
    {
        await SignalAsync("TERM", ct);
        return await ExitAsync(ct);
    }

    public async Task<int> ExitAsync(CancellationToken ct)
    {
        await process.WaitForExitAsync(ct).WaitAsync(Patience, ct);
        return process.ExitCode;
    }

    public async Task SignalAsync(string signal, CancellationToken ct)
    {
        if (!process.HasExited) await Subprocess.RunAsync(["kill", $"-{signal}", "--", $"{process.Id}"], ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync(CancellationToken.None);
        process.Dispose();
        Probe.Dispose();
        await Database.DisposeAsync();
    }

    private void Read(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
        if (ListeningOn().Match(line) is { Success: true } match) listening.TrySetResult(new Uri(match.Groups["url"].Value));
    }

    [GeneratedRegex(@"Now listening on: (?<url>http\S+)")]
    private static partial Regex ListeningOn();

    [GeneratedRegex("/NotificationServer\\.(Tests|Benchmarks)/", RegexOptions.RightToLeft)]
    private static partial Regex ProjectFolder();

    /// What the surroundings must not decide for the server under test.
    [GeneratedRegex("^(NS_|ASPNETCORE_|ConnectionStrings__|Database__)")]
    private static partial Regex Inherited();
}
