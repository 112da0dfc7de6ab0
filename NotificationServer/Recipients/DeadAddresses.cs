using Dapper;
using NotificationServer.Channels;
using Npgsql;

namespace NotificationServer.Recipients;

/// A provider said that an address is dead: never again, and at once.
internal sealed class DeadAddresses(NpgsqlDataSource db)
{
    /// The provider refuses because the person told it STOP; they can undo that, which no dead number can.
    private static readonly (string, string?)[] SaidStop = [("twilio", "21610")];

    /// Which message it was, and who says so: the account of a vendor, with a code.
    internal sealed record Word(Guid MessageId, string? UserId, Channel Channel, string Address, string? PushProvider, string Vendor, string Account, string? Code)
    {
        /// When the provider found it dead; null: it does not say.
        public DateTimeOffset? Since { get; init; }
    }

    public async Task RetireAsync(Word said, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var family = said.Channel.Family();
        if (family == ChannelFamily.Email && said is { UserId: not null, Code: { } code } && code.EndsWith(FailingAddresses.DisabledCode, StringComparison.Ordinal)
            && !await FailingAddresses.IsDeadAsync(connection, new(said.MessageId, said.UserId, family.Name(), said.Address, FailingAddresses.DisabledCode, FailingAddresses.Disabled), ct))
            return;
        var reason = SaidStop.Contains((said.Vendor, said.Code)) ? "stop" : "hard_bounce";
        await connection.ExecuteAsync(new CommandDefinition(family == ChannelFamily.Push ? Sql.RetireDevice : Sql.Suppress,
            new { channel = family.Name(), address = said.Address, pushProvider = said.PushProvider, since = said.Since, why = $"{said.Account}: {said.Code}", reason }, cancellationToken: ct));
    }

    internal static class Sql
    {
        // A token that was registered again since it was found dead is alive.
        public const string RetireDevice = """
            update devices
            set retired_at = now(), retired_reason = @why
            where push_provider = @pushProvider and md5(token) = md5(@address) and token = @address and retired_at is null
                and (@since::timestamptz is null or updated_at <= @since::timestamptz)
            """;

        // What is written already (a complaint, say) knows more than a bounce does; but what has expired holds nothing back any more.
        public const string Suppress = """
            insert into suppressions (channel, address, reason, created_by)
            values (@channel, @address, @reason, left(@why, 200))
            on conflict (address, channel, category) do update set
                reason = excluded.reason, created_by = excluded.created_by, expires_at = null, created_at = now()
            where suppressions.expires_at <= now()
            """;
    }
}
