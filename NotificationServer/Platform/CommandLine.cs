using System.Reflection;

namespace NotificationServer.Platform;

internal enum ServerCommand
{
    Serve,
    Check,
    Migrate,
    CreateKey,
    ConfirmRestore,
    /// Whether the server beside this process should get traffic, and whether it answers at all.
    Ready,
    Live,
    /// Our own PostgreSQL and nothing else, for several nodes of one machine.
    Postgres,
}

/// `NotificationServer.dll [check|migrate|create-key|confirm-restore|ready|live|postgres] [--port N] [--Section:Key=value ...]`
internal sealed record CommandLine(ServerCommand Command, string? Port)
{
    /// Of this process; where the server is hosted by something else (a test), there is none.
    public static CommandLine OfThisProcess() =>
        Assembly.GetEntryAssembly() == typeof(CommandLine).Assembly ? Parse(Environment.GetCommandLineArgs()[1..]) : Parse([]);

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine(ServerCommand.Serve, null);
        for (var i = 0; i < arguments.Count; i++)
        {
            line = arguments[i] switch
            {
                "check" => line with { Command = ServerCommand.Check },
                "migrate" => line with { Command = ServerCommand.Migrate },
                "create-key" => line with { Command = ServerCommand.CreateKey },
                "confirm-restore" => line with { Command = ServerCommand.ConfirmRestore },
                "ready" => line with { Command = ServerCommand.Ready },
                "live" => line with { Command = ServerCommand.Live },
                "postgres" => line with { Command = ServerCommand.Postgres },
                "--test" => line, // the only option without a value
                "--port" => line with { Port = i + 1 < arguments.Count ? arguments[++i] : "" },
                var port when port.StartsWith("--port=", StringComparison.Ordinal) => line with { Port = port["--port=".Length..] },
                // An option of the configuration, in one word or two; the host has read it.
                var option when option.StartsWith("--", StringComparison.Ordinal) => Skip(option, ref i),
                var unknown => throw new StartupException($"Unknown command '{unknown}': there are check, migrate, create-key, confirm-restore, ready, live and postgres; without one the server serves."),
            };
        }

        return line;

        static bool IsSecret(string name, string value) =>
            (name.StartsWith("Secrets:", StringComparison.OrdinalIgnoreCase) && !name.EndsWith("File", StringComparison.OrdinalIgnoreCase))
            || (name.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase) && value.Contains("password", StringComparison.OrdinalIgnoreCase));

        CommandLine Skip(string option, ref int i)
        {
            var (name, value) = option.Split('=', 2) is [var left, var right] ? (left, right) : (option, i + 1 < arguments.Count ? arguments[++i] : "");
            return IsSecret(name[2..], value)
                ? throw new StartupException($"{name[2..]} is a secret, and whoever lists the processes of this machine reads it on the command line: "
                    + $"set {name[2..].Replace(":", "__", StringComparison.Ordinal)} in the environment, or as a file of that name in a folder of {SettingsFolders.Key}.")
                : line;
        }
    }
}
