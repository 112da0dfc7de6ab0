using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace NotificationServer.Benchmarks.Parts;

/// The built server as a process of its own, as in production; and what it costs the machine.
internal sealed partial class ServerNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerNode(Process process) => this.process = process;

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    /// The most memory that it ever held, in MB, as the kernel counts it.
    public double PeakMemory => Status("VmHWM") / 1024d;

    /// Processor time so far.
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static Task<ServerNode> StartAsync(Arena arena, IReadOnlyDictionary<string, string?>? settings, CancellationToken ct) =>
        StartAsync(BuiltServer, ["--port", "0"], arena, settings, ct);

    /// A worker with the counting provider: this program itself, in a process of its own.
    public static Task<ServerNode> StartCountingAsync(Arena arena, CancellationToken ct) =>
        StartAsync(typeof(ServerNode).Assembly.Location, [Commands.Node], arena, null, ct);

    /// As when the power fails: nothing is finished, nobody is told.
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var term = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        process.Dispose();
    }

    private static string BuiltServer => Path.Combine(
        AppContext.BaseDirectory.Replace("/NotificationServer.Benchmarks/", "/NotificationServer/", StringComparison.Ordinal), "NotificationServer.dll");

    private static async Task<ServerNode> StartAsync(
        string program, string[] arguments, Arena arena, IReadOnlyDictionary<string, string?>? settings, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Health__DrainDelay"] = "00:00:00"; // nothing stands in front of it
        start.Environment["NS_DATA_DIR"] = arena.Rig.Folder($"node-{Guid.CreateVersion7():N}");
        start.Environment["ConnectionStrings__Default"] = arena.ConnectionString;
        foreach (var secret in (string[])["api_key_pepper", "cursor_key", "data_protection_key", "recipient_key"])
            start.Environment[$"Secrets__{secret}"] = LocalNode.Secret(secret);
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;

        var node = new ServerNode(new Process { StartInfo = start, EnableRaisingEvents = true });
        node.process.OutputDataReceived += (_, line) => node.Read(line.Data);
        node.process.ErrorDataReceived += (_, line) => node.Read(line.Data);
        node.process.Exited += (_, _) => node.listening.TrySetException(new InvalidOperationException($"The server ended. It said:\n{node.output}"));
        node.process.Start();
        node.process.BeginOutputReadLine();
        node.process.BeginErrorReadLine();
        node.Address = new IPEndPoint(IPAddress.Loopback, (await node.listening.Task.WaitAsync(Patience, ct)).Port);
        return node;
    }

    private void Read(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
        if (ListeningOn().Match(line) is { Success: true } match)
            listening.TrySetResult(new Uri($"http://127.0.0.1:{match.Groups["port"].Value}"));
    }

    private double Status(string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(':', 2)[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Now listening on: http://\S+:(?<port>\d+)")]
    private static partial Regex ListeningOn();
}
