using Dapper;
using Npgsql;

namespace NotificationServer.Admin.Identity.SecondFactor;

/// A code is good for some minutes, because clocks differ; it is taken once all the same.
internal sealed class UsedCodes(NpgsqlDataSource db)
{
    /// False: it was taken before, here or on another node.
    public async Task<bool> TakeAsync(Guid userId, string code, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Take, new { userId, code }, cancellationToken: ct)) == 1;
    }

    internal static class Sql
    {
        // Identity takes codes of two and a half minutes to either side; what is older cannot come back.
        public const string Take = """
            with forgotten as (
                delete from staff_used_codes where user_id = @userId and used_at < now() - interval '1 hour'
            )
            insert into staff_used_codes (user_id, code) values (@userId, @code)
            on conflict (user_id, code) do nothing
            """;
    }
}
