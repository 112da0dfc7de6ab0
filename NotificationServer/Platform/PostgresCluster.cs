using System.Globalization;

namespace NotificationServer.Platform;

/// One data directory of PostgreSQL (what its manual calls a cluster) and the server that runs on it.
internal sealed class PostgresCluster(string folder, PostgresBinaries binaries, PostgresAccount account)
{
    private readonly string directory = Path.Combine(folder, "cluster");
    private readonly string logFile = Path.Combine(folder, "server.log");

    public bool Exists => Directory.Exists(directory);

    public async Task CreateAsync(string password, CancellationToken ct)
    {
        // Made beside its place and moved there when whole: a start that was killed half-way is simply done again.
        var draft = directory + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);

        var passwordFile = Path.Combine(folder, "password");
        new DataDirectory(folder).WriteSecretly("password", password);
        try
        {
            await account.GiveAsync(passwordFile, ct);
            Demand(await account.RunAsync(ct, binaries.Initdb, "-D", draft, "-U", "postgres", "-A", "scram-sha-256", $"--pwfile={passwordFile}",
                "--data-checksums", "--encoding=UTF8", "--lc-collate=C", $"--lc-ctype={(OperatingSystem.IsMacOS() ? "UTF-8" : "C.UTF-8")}"));
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await File.AppendAllTextAsync(Path.Combine(draft, "postgresql.conf"), $"\ninclude '{PostgresSettings.FileName}'\n", ct);
        Directory.Move(draft, directory);
    }

    public async Task StartAsync(int port, CancellationToken ct)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, PostgresSettings.FileName), PostgresSettings.For(port), ct);
        // Its log says warnings and errors of one run; without this it would grow for ever.
        File.Delete(logFile);
        // pg_ctl gives the server a session of its own: Ctrl-C in our terminal does not reach it, we stop it when all else has stopped.
        var started = await account.RunAsync(ct, binaries.PgCtl, "start", "-w", "-t", "120", "-D", directory, "-l", logFile);
        if (!started.Succeeded)
            throw new StartupException($"PostgreSQL did not start: {LastComplaint() ?? started.Output} (more in {logFile})");
    }

    public async Task<Subprocess.Result> StopAsync() =>
        await account.RunAsync(CancellationToken.None, binaries.PgCtl, "stop", "-w", "-t", "60", "-m", "fast", "-D", directory);

    /// Whether a server process holds this directory. A dead one's pid file is removed, so that it cannot block a start: PostgreSQL
    /// itself takes any process with that number for a server, and a killed one whose parent never collects it for alive.
    public static bool IsHeld(string folder)
    {
        var pidFile = Path.Combine(folder, "cluster", "postmaster.pid");
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid))
            return false;
        if (IsServer(pid))
            return true;
        File.Delete(pidFile);
        return false;
    }

    private static bool IsServer(int pid)
    {
        if (!Directory.Exists("/proc/self"))
            return true; // macOS: pg_ctl judges
        try
        {
            // "4711 (postgres) S 1 ..."; Z is a process that has ended but was not yet collected.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat.Contains("(postgres)", StringComparison.Ordinal) && !stat.Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // no such process any more
        }
    }

    private string? LastComplaint() =>
        !File.Exists(logFile) ? null : File.ReadLines(logFile).LastOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("LOG:  could not", StringComparison.Ordinal));

    private static void Demand(Subprocess.Result result)
    {
        if (!result.Succeeded)
            throw new StartupException($"PostgreSQL's data directory could not be made: {result.Output.ReplaceLineEndings(" ")}");
    }
}
