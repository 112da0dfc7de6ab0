using Dapper;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Holds the runs that a restored copy of the database would go on with, when a person wants to decide on what it brought back. Only then is what
/// was queued set aside, and sent again.
internal sealed class RestoredRuns(NpgsqlDataSource db) : ISweep
{
    private const string Reason = "The database was restored: whom it has written to since the copy was made is not known any more.";

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        // One by one: if this node dies between two of them, the next turn has the rest.
        foreach (var run in await connection.QueryAsync<Guid>(new CommandDefinition(Sql.GoingOn, cancellationToken: ct)))
            await RunPause.ByServerAsync(connection, run, Reason, ct);
        return false;
    }

    internal static class Sql
    {
        // A campaign goes on from where it was in the copy, and one whose time came since begins again: to people who have been written to.
        public const string GoingOn = """
            select r.id
            from instance i
            join campaign_runs r on r.occurrence <= i.held_at and r.phase <> 'ended' and r.ending is null and r.paused_at is null
            where i.set_aside_before is not null
            """;
    }
}
