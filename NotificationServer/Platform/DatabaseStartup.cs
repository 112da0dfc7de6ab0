using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Platform;

/// Registered first: nothing that uses the database starts before the schema is there, and everything has stopped before our own PostgreSQL does.
internal sealed class DatabaseStartup(
    DatabaseAddress address, EmbeddedPostgres embedded, DurabilityCheck durability, Migrator migrator, IOptions<DatabaseOptions> options, ILogger<DatabaseStartup> log)
    : IHostedService
{
    public async Task StartAsync(CancellationToken ct)
    {
        if (address is { IsEmbedded: true, OwnerConnectionString: not null })
            throw new StartupException("ConnectionStrings__Migrations is set and ConnectionStrings__Default is not: one database would be migrated and another one used. Set both, or neither.");
        if (address.IsEmbedded)
            await embedded.StartAsync(ct);
        else if (address.IsUnverified)
            Log.DatabaseUnverified(log);
        await durability.RunAsync(ct);
        await MigrateAsync(ct);
    }

    public Task StopAsync(CancellationToken ct) => embedded.StopAsync();

    private async Task MigrateAsync(CancellationToken ct)
    {
        try
        {
            // By whoever owns the tables, on a connection that is gone afterwards.
            await using var owner = address.OwnerConnectionString is { } text ? PostgresSource.Create(text, options.Value) : null;
            await (owner is null ? migrator.MigrateAsync(ct) : migrator.MigrateAsync(owner, ct));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StartupException(
                $"The schema is older than this server, and the role that it was given may not change it ({e.MessageText}): "
                + "run `NotificationServer.dll migrate` with ConnectionStrings__Migrations set to the owner's, as docs/database.md says.", e);
        }
    }
}
