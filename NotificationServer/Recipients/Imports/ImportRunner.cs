using Dapper;
using Npgsql;

namespace NotificationServer.Recipients.Imports;

/// Stores the rows of files that were read whole, a step at a time. A step is one transaction that holds the import's row: no two nodes
/// work on the same one, and of a node that dies nothing remains but what it committed, progress included. The next goes on there.
internal sealed class ImportRunner(NpgsqlDataSource db, TimeProvider clock, ILogger<ImportRunner> log) : BackgroundService
{
    private const int StepSize = 1000;
    private const int ClearSize = 5000;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (!await TurnAsync(stoppingToken)) await Task.Delay(Idle, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; a step under way was rolled back whole.
        }
    }

    private async Task<bool> TurnAsync(CancellationToken ct)
    {
        try
        {
            return await StepAsync(ct) || await ClearAsync(ct);
        }
        catch (NpgsqlException e)
        {
            Log.ImportInterrupted(log, e);
            return false;
        }
    }

    /// One step of the import that has waited longest; false if there is none.
    internal async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var due = await connection.QuerySingleOrDefaultAsync<Due>(new CommandDefinition(Sql.Due, cancellationToken: ct));
        if (due is null) return false;

        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.Next, new { due.Id, due.Reached, size = StepSize }, cancellationToken: ct))).AsList();
        if (rows.Count > 0)
        {
            await UserBatch.PutAsync(connection, rows.ConvertAll(row => new UserPatch(row.UserId, row.Data, row.HasDevices)), ct);
            await connection.ExecuteAsync(new CommandDefinition(Sql.Forget, new { due.Id, users = rows.ConvertAll(row => row.UserId) }, cancellationToken: ct));
        }
        await connection.ExecuteAsync(new CommandDefinition(Sql.Progress, new
        {
            due.Id,
            done = rows.Count,
            reached = rows.Count > 0 ? rows[^1].UserId : due.Reached,
            ended = rows.Count < StepSize,
        }, cancellationToken: ct));
        // Dies the process before this line, nothing of the step happened.
        await transaction.CommitAsync(ct);
        return true;
    }

    /// Gives up files that nobody goes on reading, and takes away what is left of those that ended; false if there is nothing.
    internal async Task<bool> ClearAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.GiveUp, cancellationToken: ct));
        var id = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(Sql.Uncleared, cancellationToken: ct));
        if (id is not null)
        {
            var gone = await connection.ExecuteAsync(new CommandDefinition(Sql.Clear, new { id, most = ClearSize }, cancellationToken: ct));
            if (gone < ClearSize) await connection.ExecuteAsync(new CommandDefinition(Sql.Cleared, new { id }, cancellationToken: ct));
        }
        await transaction.CommitAsync(ct);
        return id is not null;
    }

    private sealed record Due(Guid Id, string Reached);

    private sealed record Row(string UserId, string Data, bool HasDevices);

    internal static class Sql
    {
        public const string Due = """
            select id, reached from imports where status = 'running' and not cleared order by updated_at limit 1 for update skip locked
            """;

        public const string Next = """
            select user_id, data::text as data, data ? 'devices' as has_devices
            from import_rows
            where import_id = @Id and user_id > @Reached
            order by user_id
            limit @size
            """;

        public const string Forget = "delete from import_rows where import_id = @Id and user_id = any(@users::text[])";

        public const string Progress = """
            update imports
            set done = done + @done, reached = @reached, updated_at = now(), cleared = @ended,
                status = case when @ended then 'completed' else status end, finished_at = case when @ended then now() else finished_at end
            where id = @Id
            """;

        public const string GiveUp = """
            update imports set status = 'failed', finished_at = now()
            where not cleared and status = 'receiving' and updated_at < now() - interval '10 minutes'
            """;

        public const string Uncleared = """
            select id from imports
            where not cleared and status in ('completed', 'failed', 'cancelled')
            order by updated_at limit 1 for update skip locked
            """;

        public const string Clear = """
            delete from import_rows where ctid = any(array(select ctid from import_rows where import_id = @id::uuid limit @most))
            """;

        // What became of it is told for a month.
        public const string Cleared = """
            update imports set cleared = true where id = @id;
            delete from imports where cleared and finished_at < now() - interval '30 days'
            """;
    }
}
