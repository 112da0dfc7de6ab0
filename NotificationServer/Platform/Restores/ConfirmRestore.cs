namespace NotificationServer.Platform.Restores;

/// `NotificationServer.dll confirm-restore --queued send|set-aside --reason "..."`: says that a database whose sending is held may be sent from, and
/// what becomes of what was queued in it. For when nobody can sign in.
internal sealed record ConfirmRestore(bool SetAside, string Reason)
{
    private const int LongestReason = 500;
    private const string Usage = "confirm-restore --queued send|set-aside --reason \"why\": what was queued in the copy is sent, or set aside as failed for a person to decide on.";

    public static void RunAndExit(WebApplication app)
    {
        RunAsync(app, Parse(Environment.GetCommandLineArgs()[1..])).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    public static ConfirmRestore Parse(IReadOnlyList<string> arguments)
    {
        var (queued, reason) = (Value(arguments, "--queued"), Value(arguments, "--reason")?.Trim());
        if (queued is not ("send" or "set-aside") || string.IsNullOrEmpty(reason)) throw new StartupException(Usage);
        return new ConfirmRestore(queued == "set-aside", reason.Storable(LongestReason));
    }

    private static async Task RunAsync(WebApplication app, ConfirmRestore wish)
    {
        await using var disposed = app; // stops our own PostgreSQL
        await app.Services.GetRequiredService<DatabaseStartup>().StartAsync(CancellationToken.None);
        var store = app.Services.GetRequiredService<InstanceStore>();
        if (!await store.ConfirmAsync(wish.SetAside, wish.Reason, "command line", CancellationToken.None))
            throw new StartupException("Sending is not held, or somebody has decided already: nothing was changed.");
        Console.WriteLine(wish.SetAside
            ? "What was queued in the copy is being set aside by a node with the role scheduler; then sending goes on."
            : "Sending goes on within two seconds, with all that was queued in the copy.");
    }

    private static string? Value(IReadOnlyList<string> arguments, string name)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == name) return i + 1 < arguments.Count ? arguments[i + 1] : null;
            if (arguments[i].StartsWith(name + "=", StringComparison.Ordinal)) return arguments[i][(name.Length + 1)..];
        }
        return null;
    }
}
