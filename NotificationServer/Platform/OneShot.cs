using Microsoft.Extensions.Options;

namespace NotificationServer.Platform;

/// `check` and `migrate`: the built application does one thing and the process ends, before anything is mapped or started.
internal static class OneShot
{
    public static void RunAndExit(WebApplication app, ServerCommand command)
    {
        RunAsync(app, command).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    private static async Task RunAsync(WebApplication app, ServerCommand command)
    {
        await using var disposed = app; // stops our own PostgreSQL
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        if (command == ServerCommand.Migrate)
            await app.Services.GetRequiredService<DatabaseStartup>().StartAsync(CancellationToken.None);
        Console.WriteLine(command == ServerCommand.Migrate ? "The schema is current." : "The options are valid.");
    }
}
