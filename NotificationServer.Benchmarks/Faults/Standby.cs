using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Benchmarks.Faults;

/// A second PostgreSQL that follows the first by its log, and can take over from it.
internal sealed class Standby : IAsyncDisposable
{
    private readonly PostgresAccount account;
    private readonly PostgresBinaries binaries;
    private readonly string folder;

    private Standby(PostgresAccount account, PostgresBinaries binaries, string folder, int port) =>
        (this.account, this.binaries, this.folder, Port) = (account, binaries, folder, port);

    public int Port { get; }

    public static async Task<Standby> FollowAsync(NpgsqlConnectionStringBuilder primary, string folder, int port, CancellationToken ct)
    {
        var standby = new Standby(await PostgresAccount.ForAsync(folder, ct), await PostgresBinaries.FindAsync(ct), folder, port);
        // Some link the three programs of a server to a place of their own, and not this one.
        var programs = Path.GetDirectoryName(new FileInfo(standby.binaries.PgCtl).ResolveLinkTarget(returnFinalTarget: true)?.FullName) ?? standby.binaries.Folder;
        await standby.RunAsync(ct, Path.Combine(programs, "pg_basebackup"), "-D", standby.Cluster, "-R", "-X", "stream", "-c", "fast",
            "-d", $"host=127.0.0.1 port={primary.Port} user={primary.Username} password={primary.Password} application_name=standby");
        await standby.RunAsync(ct, standby.binaries.PgCtl, "start", "-w", "-t", "120", "-D", standby.Cluster, "-l", Path.Combine(folder, "server.log"),
            "-o", string.Create(CultureInfo.InvariantCulture, $"-p {port}"));
        return standby;
    }

    /// Ends when it takes writes.
    public Task PromoteAsync(CancellationToken ct) => RunAsync(ct, binaries.PgCtl, "promote", "-w", "-t", "60", "-D", Cluster);

    public async ValueTask DisposeAsync() =>
        await account.RunAsync(CancellationToken.None, binaries.PgCtl, "stop", "-w", "-m", "immediate", "-D", Cluster);

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private string Cluster => Path.Combine(folder, "cluster");

    private async Task RunAsync(CancellationToken ct, params string[] command)
    {
        var result = await account.RunAsync(ct, command);
        if (!result.Succeeded) throw new InvalidOperationException(result.Output);
    }
}
