namespace NotificationServer.Platform;

/// Registered first: nothing that uses the database starts before the schema is there, and everything has stopped before our own PostgreSQL does.
internal sealed class DatabaseStartup(DatabaseAddress address, EmbeddedPostgres embedded, DurabilityCheck durability, Migrator migrator) : IHostedService
{
    public async Task StartAsync(CancellationToken ct)
    {
        if (address.IsEmbedded)
            await embedded.StartAsync(ct);
        await durability.RunAsync(ct);
        await migrator.MigrateAsync(ct);
    }

    public Task StopAsync(CancellationToken ct) => embedded.StopAsync();
}
