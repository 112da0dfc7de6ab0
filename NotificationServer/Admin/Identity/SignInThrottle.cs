using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Admin.Identity;

/// Slows guessing by account and network address together, over all nodes. Never by account alone: whoever knows an
/// address could then lock its owner out. A try is counted before it is looked at, and taken back when it was right: of many
/// at once no more come through than of as many one after the other.
internal sealed class SignInThrottle(NpgsqlDataSource db, IOptions<AdminOptions> options)
{
    /// False: too many were wrong; this one is not counted, so that the waiting ends.
    public Task<bool> TakeTryAsync(string email, IPAddress? ip, CancellationToken ct) => TakeAsync(email, ip, anywhere: false, ct);

    /// Only who has the right password comes to the codes: they are counted by account, wherever the tries come from, so that many
    /// addresses do not mean many tries.
    public Task<bool> TakeCodeTryAsync(string account, IPAddress? ip, CancellationToken ct) => TakeAsync(account, ip, anywhere: true, ct);

    /// It was right: what was wrong before is forgotten with it.
    public Task SucceededAsync(string email, IPAddress? ip, CancellationToken ct) => ExecuteAsync(Sql.Succeeded, email, ip, ct);

    /// It was right, and says nothing of those before: one good link makes nobody free to guess others.
    public Task GiveBackAsync(string account, IPAddress? ip, CancellationToken ct) => ExecuteAsync(Sql.GiveBack, account, ip, ct);

    private async Task<bool> TakeAsync(string email, IPAddress? ip, bool anywhere, CancellationToken ct)
    {
        var given = new
        {
            account = Account(email),
            ip = Address(ip),
            anywhere,
            wait = options.Value.WaitAfterFailures,
            perAccount = options.Value.FailuresPerAccountAndAddress,
            perAddress = options.Value.FailuresPerAddress,
        };
        await using var connection = await db.OpenConnectionAsync(ct);
        // Asked once without the lock: who is refused already, and goes on, neither waits with a connection in hand nor writes.
        if (!await MayTryAsync()) return false;

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.OneAtATime, given, cancellationToken: ct));
        if (!await MayTryAsync()) return false;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Count, given, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return true;

        Task<bool> MayTryAsync() => connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.MayTry, given, cancellationToken: ct));
    }

    private async Task ExecuteAsync(string sql, string email, IPAddress? ip, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { account = Account(email), ip = Address(ip) }, cancellationToken: ct));
    }

    private static byte[] Account(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToUpperInvariant()));

    // Of IPv6 the first half: the other is whatever its holder likes, 2^64 addresses for anybody with a connection.
    private static string Address(IPAddress? ip) => ip switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => ip.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"{new IPAddress([.. ip.GetAddressBytes().AsSpan(0, 8), 0, 0, 0, 0, 0, 0, 0, 0])}/64",
        _ => ip.ToString(),
    };

    internal static class Sql
    {
        public const string MayTry = """
            select coalesce(sum(failures) filter (where ip = @ip), 0) < @perAddress
               and coalesce(sum(failures) filter (where account = @account), 0) < @perAccount
            from sign_in_failures
            where (ip = @ip or (@anywhere::boolean and account = @account)) and last_at > now() - @wait::interval
            """;

        // The sums are over rows that others may be adding. Always the address first, so that no two wait for each other.
        public const string OneAtATime = """
            select pg_advisory_xact_lock(hashtextextended(concat('tries from ', @ip::text), 0));
            select pg_advisory_xact_lock(hashtextextended(concat('tries of ', @account::bytea), 0)) where @anywhere::boolean
            """;

        public const string Count = """
            with forgotten as (
                delete from sign_in_failures where last_at < now() - interval '1 day'
            )
            insert into sign_in_failures as f (account, ip, failures)
            values (@account, @ip, 1)
            on conflict (account, ip) do update
            set failures = case when f.last_at > now() - @wait::interval then f.failures + 1 else 1 end, last_at = now()
            """;

        public const string Succeeded = """
            delete from sign_in_failures where account = @account and ip = @ip
            """;

        public const string GiveBack = """
            update sign_in_failures set failures = failures - 1 where account = @account and ip = @ip and failures > 0
            """;
    }
}
