using Dapper;
using NotificationServer.Channels;
using Npgsql;

namespace NotificationServer.Recipients;

/// A provider said that an address is dead: never again, and at once.
internal sealed class DeadAddresses(NpgsqlDataSource db)
{
    public async Task RetireAsync(Channel channel, string address, string? pushProvider, string why, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var isPush = channel.Family() == ChannelFamily.Push;
        await connection.ExecuteAsync(new CommandDefinition(isPush ? Sql.RetireDevice : Sql.Suppress,
            new { channel = channel.Family().Name(), address, pushProvider, why }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string RetireDevice = """
            update devices
            set retired_at = now(), retired_reason = @why
            where push_provider = @pushProvider and md5(token) = md5(@address) and token = @address and retired_at is null
            """;

        // What is written already (a complaint, say) knows more than a bounce does.
        public const string Suppress = """
            insert into suppressions (channel, address, reason)
            values (@channel, @address, 'hard_bounce')
            on conflict (address, channel) do nothing
            """;
    }
}
