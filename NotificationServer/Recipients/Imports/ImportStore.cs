using Dapper;
using NotificationServer.Platform;
using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Recipients.Imports;

/// Takes a file in, piece by piece, and tells how far it has come. Nothing of it is a user before all of it was judged.
internal sealed class ImportStore(NpgsqlDataSource db)
{
    /// More of one file are counted but not kept.
    public const int MostProblems = 100_000;

    public async Task<Guid> BeginAsync(Guid client, bool dryRun, bool skipInvalid, string requestedBy, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Begin, new { id, client, dryRun, skipInvalid, requestedBy }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(requestedBy, "users.import", $"import:{id:N}")
        {
            After = new() { ["dry_run"] = dryRun, ["skip_invalid"] = skipInvalid },
        }, ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    /// The rows that are about somebody whom an earlier row is about: not kept.
    public async Task<IReadOnlyList<int>> AddRowsAsync(Guid import, IReadOnlyList<ImportRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0) return [];
        await using var command = db.CreateCommand(Sql.AddRows);
        command.Parameters.Add(new("import", import));
        command.Parameters.Add(new("users", rows.Select(row => row.Patch.UserId).ToArray()));
        command.Parameters.Add(new("rows", rows.Select(row => row.Row).ToArray()));
        command.Parameters.Add(new("data", NpgsqlDbType.Array | NpgsqlDbType.Jsonb) { Value = rows.Select(row => row.Patch.Json).ToArray() });
        var duplicates = new List<int>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) duplicates.Add(reader.GetInt32(0));
        return duplicates;
    }

    public async Task AddProblemsAsync(Guid import, IReadOnlyCollection<ImportProblem> problems, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.AddProblems, new
        {
            import,
            rows = problems.Select(problem => problem.Row).ToArray(),
            places = problems.Select(problem => problem.Place).ToArray(),
            fields = problems.Select(problem => problem.Field).ToArray(),
            codes = problems.Select(problem => problem.Code).ToArray(),
            messages = problems.Select(problem => problem.Message).ToArray(),
        }, cancellationToken: ct));
    }

    /// Also a sign of life: a file that nobody goes on reading is given up after some minutes.
    public Task ProgressAsync(Guid import, int rowsRead, int rowsBad, int problems, CancellationToken ct) =>
        SetAsync(Sql.Progress, new { import, rowsRead, rowsBad, problems }, ct);

    /// The whole file was read: from here on the rows are stored, by any node, whatever becomes of this one.
    public Task<Import> EndAsync(Guid import, string status, CancellationToken ct) => SetAsync(Sql.End, new { import, status }, ct);

    public Task<Import?> FindAsync(Guid id, CancellationToken ct) => FindAsync(id, null, ct);

    /// Null if it is another client's, as if there were none.
    public async Task<Import?> FindAsync(Guid id, Guid? client, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Import>(new CommandDefinition(Sql.Find, new { id, client }, cancellationToken: ct));
    }

    public async Task<IReadOnlyList<ImportProblem>> ListProblemsAsync(Guid import, int afterRow, int afterPlace, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<ImportProblem>(
            new CommandDefinition(Sql.ListProblems, new { import, afterRow, afterPlace, limit }, cancellationToken: ct))).AsList();
    }

    /// Leaves alone what it has not come to. False: it had ended.
    public async Task<bool> CancelAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Cancel, new { id }, cancellationToken: ct)) == 1;
    }

    private async Task<Import> SetAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Import>(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Begin = """
            insert into imports (id, client_id, status, dry_run, skip_invalid, requested_by)
            values (@id, @client, 'receiving', @dryRun, @skipInvalid, @requestedBy)
            """;

        // Of two rows of one piece about the same user the first one is kept too.
        public const string AddRows = """
            with given as materialized (
                select * from unnest(@users::text[], @rows::integer[], @data::jsonb[]) as g(user_id, row, data)
            ), kept as (
                insert into import_rows (import_id, user_id, row, data)
                select @import::uuid, user_id, row, data from given order by row
                on conflict do nothing
                returning row
            )
            select row from given where row not in (select row from kept) order by row
            """;

        public const string AddProblems = """
            insert into import_problems (import_id, row, place, field, code, message)
            select @import::uuid, row, place, field, code, message
            from unnest(@rows::integer[], @places::integer[], @fields::text[], @codes::text[], @messages::text[]) as p(row, place, field, code, message)
            """;

        public const string Progress = """
            update imports
            set rows_read = @rowsRead, rows_bad = @rowsBad, problems = @problems, updated_at = now()
            where id = @import
            returning id, status, dry_run, skip_invalid, rows_read, rows_bad, problems, done, requested_by, created_at, updated_at, finished_at
            """;

        public const string End = """
            update imports
            set status = case when status = 'receiving' then @status::text else status end, updated_at = now(),
                finished_at = case when status = 'receiving' and @status::text <> 'running' then now() else finished_at end
            where id = @import
            returning id, status, dry_run, skip_invalid, rows_read, rows_bad, problems, done, requested_by, created_at, updated_at, finished_at
            """;

        public const string Find = """
            select id, status, dry_run, skip_invalid, rows_read, rows_bad, problems, done, requested_by, created_at, updated_at, finished_at
            from imports
            where id = @id and (@client::uuid is null or client_id = @client)
            """;

        public const string ListProblems = """
            select row, place, field, code, message
            from import_problems
            where import_id = @import and (row, place) > (@afterRow, @afterPlace)
            order by row, place
            limit @limit
            """;

        public const string Cancel = """
            update imports
            set status = 'cancelled', updated_at = now(), finished_at = now()
            where id = @id and status in ('receiving', 'running')
            """;
    }
}
