using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace NotificationServer.Platform;

/// `check`, `migrate` and `postgres`: the built application does one thing and the process ends, before anything is mapped or started.
internal static class OneShot
{
    private const string AddressFile = "postgres.env";

    public static void RunAndExit(WebApplication app, ServerCommand command)
    {
        RunAsync(app, command).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    private static async Task RunAsync(WebApplication app, ServerCommand command)
    {
        await using var disposed = app; // stops our own PostgreSQL
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        if (command == ServerCommand.Check)
        {
            Console.WriteLine("The options are valid.");
            return;
        }

        if (command == ServerCommand.Postgres && !app.Services.GetRequiredService<DatabaseAddress>().IsEmbedded)
            throw new StartupException("ConnectionStrings__Default names a database already: there is none of our own to run.");
        // From here on a signal ends this in order: a start that was broken off would leave the database running.
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await app.Services.GetRequiredService<DatabaseStartup>().StartAsync(stop.Token);
        Console.WriteLine("The schema is current.");
        if (command == ServerCommand.Postgres) await KeepAsync(app.Services, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// Until it is told to stop. Whoever wants to use the database finds its address in a file that only its owner can read.
    private static async Task KeepAsync(IServiceProvider services, CancellationToken stop)
    {
        var (address, data) = (services.GetRequiredService<DatabaseAddress>(), services.GetRequiredService<DataDirectory>());
        data.WriteSecretly(AddressFile, $"ConnectionStrings__Default={address.ConnectionString}\n");
        Console.WriteLine($"PostgreSQL is ready; its address is in {data.Locate(AddressFile)}");
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(data.Locate(AddressFile));
    }
}
