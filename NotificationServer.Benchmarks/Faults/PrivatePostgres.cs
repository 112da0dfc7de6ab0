using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform;

namespace NotificationServer.Benchmarks.Faults;

/// A PostgreSQL that may be crashed: as durable as in production, on a port and in a folder of its own.
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly EmbeddedPostgres server;
    private readonly string folder;

    private PrivatePostgres(string directory)
    {
        server = new EmbeddedPostgres(new DataDirectory(directory), TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);
        folder = Path.Combine(directory, "postgres");
    }

    public string ConnectionString => server.ConnectionString;

    public static async Task<PrivatePostgres> StartAsync(string directory, string? logFolder, CancellationToken ct)
    {
        var postgres = new PrivatePostgres(directory);
        await postgres.server.StartAsync(ct);
        if (logFolder is not null) await postgres.MoveLogAsync(logFolder, ct);
        return postgres;
    }

    private async Task MoveLogAsync(string to, CancellationToken ct)
    {
        await StopAsync("fast", ct);
        var (old, moved) = (Path.Combine(folder, "cluster", "pg_wal"), Path.Combine(to, "pg_wal"));
        var result = await Subprocess.RunAsync(["mv", old, moved], ct); // keeps the owner, also from disk to disk
        if (!result.Succeeded) throw new InvalidOperationException(result.Output);
        Directory.CreateSymbolicLink(old, moved);
        await StartAgainAsync(ct);
    }

    /// `immediate` is a crash: nothing is flushed, the next start recovers from the log. `fast` cuts connections and stops.
    public Task StopAsync(string mode, CancellationToken ct) => ControlAsync(ct, "stop", "-w", "-m", mode);

    public Task StartAgainAsync(CancellationToken ct) => ControlAsync(ct, "start", "-w", "-t", "120", "-l", Path.Combine(folder, "server.log"));

    /// Its data as it is now, kept for <see cref="RestoreAsync"/>. Only while it is stopped.
    public Task KeepCopyAsync(CancellationToken ct) => CopyAsync("cluster", "copy", ct);

    /// What an operator does who puts back a backup of the data directory.
    public async Task RestoreAsync(CancellationToken ct)
    {
        Directory.Delete(Path.Combine(folder, "cluster"), recursive: true);
        await CopyAsync("copy", "cluster", ct);
    }

    private async Task CopyAsync(string from, string to, CancellationToken ct)
    {
        var result = await Subprocess.RunAsync(["cp", "-a", Path.Combine(folder, from), Path.Combine(folder, to)], ct); // with its owner
        if (!result.Succeeded) throw new InvalidOperationException(result.Output);
    }

    public bool IsRunning => PostgresCluster.IsHeld(folder);

    public async ValueTask DisposeAsync()
    {
        if (!IsRunning) await StartAgainAsync(CancellationToken.None); // so that its owner can stop it in order
        await server.DisposeAsync();
    }

    private async Task ControlAsync(CancellationToken ct, params string[] words)
    {
        var account = await PostgresAccount.ForAsync(folder, ct);
        var binaries = await PostgresBinaries.FindAsync(ct);
        var result = await account.RunAsync(ct, [binaries.PgCtl, .. words, "-D", Path.Combine(folder, "cluster")]);
        if (!result.Succeeded) throw new InvalidOperationException(result.Output);
    }
}
