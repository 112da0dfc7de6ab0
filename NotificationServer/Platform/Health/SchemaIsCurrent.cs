using Npgsql;

namespace NotificationServer.Platform.Health;

/// Every migration that this build knows was applied. More of them are no fault: a newer node has been here.
internal sealed class SchemaIsCurrent(Migrator migrator) : IReadinessCheck
{
    public string Name => "schema";

    public async Task<ReadinessResult> AskAsync(CancellationToken ct)
    {
        try
        {
            return await migrator.IsCurrentAsync(ct) ? ReadinessResult.Fine("current") : ReadinessResult.Wrong("behind");
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return ReadinessResult.Wrong("unknown");
        }
    }
}
