using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Admin.Identity;

/// Slows guessing by account and network address together, over all nodes. Never by account alone: whoever knows an
/// address could then lock its owner out.
internal sealed class SignInThrottle(NpgsqlDataSource db, IOptions<AdminOptions> options)
{
    public async Task<bool> MayTryAsync(string email, IPAddress? ip, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.MayTry, new
        {
            account = Account(email),
            ip = Address(ip),
            wait = options.Value.WaitAfterFailures,
            perAccount = options.Value.FailuresPerAccountAndAddress,
            perAddress = options.Value.FailuresPerAddress,
        }, cancellationToken: ct));
    }

    /// Only who has the right password comes to the codes: they are counted by account, wherever the tries come from, so that many
    /// addresses do not mean many tries.
    public async Task<bool> MayTryCodeAsync(string account, IPAddress? ip, CancellationToken ct)
    {
        if (!await MayTryAsync(account, ip, ct)) return false;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.MayTryFromAnywhere, new
        {
            account = Account(account), wait = options.Value.WaitAfterFailures, perAccount = options.Value.FailuresPerAccountAndAddress,
        }, cancellationToken: ct));
    }

    public async Task FailedAsync(string email, IPAddress? ip, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Failed,
            new { account = Account(email), ip = Address(ip), wait = options.Value.WaitAfterFailures }, cancellationToken: ct));
    }

    public async Task SucceededAsync(string email, IPAddress? ip, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Succeeded,
            new { account = Account(email), ip = Address(ip) }, cancellationToken: ct));
    }

    private static byte[] Account(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToUpperInvariant()));

    private static string Address(IPAddress? ip) => ip is null ? "" : (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString();

    internal static class Sql
    {
        public const string MayTry = """
            select coalesce(sum(failures), 0) < @perAddress
               and coalesce(sum(failures) filter (where account = @account), 0) < @perAccount
            from sign_in_failures
            where ip = @ip and last_at > now() - @wait::interval
            """;

        public const string MayTryFromAnywhere = """
            select coalesce(sum(failures), 0) < @perAccount
            from sign_in_failures
            where account = @account and last_at > now() - @wait::interval
            """;

        public const string Failed = """
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
    }
}
