namespace NotificationServer.Platform;

/// Who runs PostgreSQL: we ourselves, or, because it refuses to run as root, the user `postgres` when we are root.
internal sealed class PostgresAccount
{
    private const string User = "postgres";

    /// What a command is preceded by.
    private readonly string[] prefix;

    private PostgresAccount(params string[] prefix) => this.prefix = prefix;

    public Task<Subprocess.Result> RunAsync(CancellationToken ct, params string[] command) => Subprocess.RunAsync([.. prefix, .. command], ct);

    public Task GiveAsync(string path, CancellationToken ct) =>
        prefix.Length == 0 ? Task.CompletedTask : Subprocess.RunAsync(["chown", User, path], ct);

    /// Makes the folder, gives it to that user, and settles how that user can reach it.
    public static async Task<PostgresAccount> ForAsync(string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        if (Environment.UserName != "root" || OperatingSystem.IsWindows())
            return new PostgresAccount();

        if (await FirstThatReachesAsync("/", ct) is null)
            throw new StartupException($"PostgreSQL does not run as root, and there is no user {User} to run it as: start the server as another user.");
        await Subprocess.RunAsync(["chown", User, folder], ct);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        return await FirstThatReachesAsync(folder, ct)
            ?? throw new StartupException(
                $"PostgreSQL runs as user {User}, who cannot reach {folder}: set NS_DATA_DIR to a directory below one that everybody may enter.");
    }

    private static async Task<PostgresAccount?> FirstThatReachesAsync(string folder, CancellationToken ct)
    {
        foreach (var account in Ways())
        {
            if ((await account.RunAsync(ct, "sh", "-c", """cd "$1" """, "sh", folder)).Succeeded)
                return account;
        }

        return null;
    }

    private static IEnumerable<PostgresAccount> Ways()
    {
        if (Subprocess.Find("setpriv") is { } setpriv)
        {
            string[] asPostgres = [setpriv, $"--reuid={User}", $"--regid={User}", "--init-groups"];
            yield return new PostgresAccount([.. asPostgres, "--inh-caps=-all"]);
            // Below a folder that is closed to others (a private home, a 0700 temporary directory) that user needs to pass
            // through, and gets the right to do so, but none to change anything that is not its own.
            yield return new PostgresAccount([.. asPostgres, "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search"]);
        }

        if (Subprocess.Find("runuser") is { } runuser)
            yield return new PostgresAccount(runuser, "-u", User, "--");
    }
}
