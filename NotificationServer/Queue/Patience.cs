using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue;

/// Whether a lease that ran out may be held against its owner. While the jobs could not be reached (a restart, a full disk, a locked
/// table, a cut line), nobody could renew a lease or hand in a result, so that afterwards those of the living have run out as well. They get half a lease
/// to hand in what providers told them meanwhile; whoever took their jobs at once would send much of it twice.
internal sealed class Patience(NpgsqlDataSource db, IOptions<QueueOptions> options, TimeProvider clock)
{
    private long? reachedSince;

    /// Looks whether the jobs can be reached. A node that has only just started has seen no more of an outage than its end.
    public async Task<bool> IsOverAsync(CancellationToken ct)
    {
        var asked = clock.GetTimestamp();
        try
        {
            await using var reach = db.CreateCommand(Sql.Reach);
            await reach.ExecuteNonQueryAsync(ct);
        }
        catch (NpgsqlException)
        {
            BeginAgain();
            throw;
        }
        reachedSince ??= asked;
        return clock.GetElapsedTime(reachedSince.Value) >= options.Value.Lease / 2;
    }

    /// The jobs could be reached but not written.
    public void BeginAgain() => reachedSince = null;

    internal static class Sql
    {
        // Locks no row, but wants the table as a renewal would: behind somebody who has locked it, this fails too.
        public const string Reach = "select 1 from jobs where false for update";
    }
}
