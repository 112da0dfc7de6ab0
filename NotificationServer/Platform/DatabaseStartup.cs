namespace NotificationServer.Platform;

/// Registered first, so that nothing that uses the database starts before the schema is there.
internal sealed class DatabaseStartup(Migrator migrator) : IHostedService
{
    public Task StartAsync(CancellationToken ct) => migrator.MigrateAsync(ct);

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
}
