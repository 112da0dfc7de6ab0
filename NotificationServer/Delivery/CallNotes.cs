using Dapper;
using Npgsql;

namespace NotificationServer.Delivery;

/// Says before a call which account it goes to, where that is not the one that everybody would take it to be: should the node die with
/// the call, its repeat must not go to another account, which could not know that it is one. The usual call writes nothing first.
internal sealed class CallNotes(NpgsqlDataSource db)
{
    public async Task NoteAsync(Guid message, string account, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Note, new { message, account }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Note = "update messages set provider = @account where id = @message and status = 'queued'";
    }
}
