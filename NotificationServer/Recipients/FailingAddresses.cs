using Dapper;
using Npgsql;

namespace NotificationServer.Recipients;

/// An address that failed in a way that may pass is dead when the same is said of it several times in a row, each time of another
/// message, within a week. What is counted are the person's own messages to it: of an address without a person nothing is known but the
/// failure at hand.
internal static class FailingAddresses
{
    /// So many messages in a row that did not reach a phone.
    public const int Unreachable = 3;

    /// So many mails in a row that a mailbox refused because it is switched off.
    public const int Disabled = 2;

    /// The enhanced code of a mailbox that is switched off, wherever it stands in what a server said.
    public const string DisabledCode = "5.2.1";

    internal sealed record Failure(Guid MessageId, string? UserId, string Family, string Address, string Code, int Most);

    /// With this failure it has failed often enough.
    public static async Task<bool> IsDeadAsync(NpgsqlConnection connection, Failure failure, CancellationToken ct) =>
        failure.UserId is { } user
            && await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.FailedBefore, new
            {
                user, failure.MessageId, failure.Family, failure.Address, ending = "%" + failure.Code, before = failure.Most - 1,
            }, cancellationToken: ct));

    internal static class Sql
    {
        // Of those that came to an end at the address; a queued one says nothing yet. A text that is only "sent" neither; of mail mostly
        // nothing more is ever told.
        public const string FailedBefore = """
            select count(*) filter (where error_code like @ending) = @before
            from (
                select m.error_code
                from messages m
                where m.user_id = @user and m.id <> @MessageId and m.id >= uuid_from(now() - interval '7 days')
                    and m.channel = @Family and m.address = @Address and (m.status in ('delivered', 'bounced', 'failed') or (m.status = 'sent' and m.channel = 'email'))
                order by m.id desc
                limit @before
            ) as last
            """;
    }
}
