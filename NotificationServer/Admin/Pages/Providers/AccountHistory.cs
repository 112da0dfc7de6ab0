using Dapper;
using Npgsql;

namespace NotificationServer.Admin.Pages.Providers;

/// What became of an account's door, and what people did to it; the newest first.
internal sealed record AccountMoment(DateTimeOffset At, string Tone, string Text, string? Reason, string? By);

/// How calls of one account failed in the last hour, as far as the newest attempts tell.
internal sealed record FailureRow(string Outcome, string? Code, string? Detail, long Count, DateTimeOffset LastAt);

/// The past of one account, all of it bounded.
internal sealed class AccountHistory(NpgsqlDataSource db)
{
    public const int Most = 25;
    private const int Sample = 20_000;
    private const int CountTo = 10_000;

    private sealed record DoorMove(DateTimeOffset At, string Breaker, string? Reason, DateTimeOffset? OpenUntil);

    private sealed record Deed(DateTimeOffset At, string Actor, string Action, string? Reason);

    internal sealed record Past(IReadOnlyList<AccountMoment> Moments, IReadOnlyList<FailureRow> Failures, long Dead);

    public async Task<Past> ReadAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var read = await connection.QueryMultipleAsync(
            new CommandDefinition(Sql.Past, new { key, targets = new[] { $"provider:{key}", $"account:{key}" }, most = Most, sample = Sample, countTo = CountTo + 1 }, cancellationToken: ct));
        var moves = await read.ReadAsync<DoorMove>();
        var deeds = await read.ReadAsync<Deed>();
        var failures = (await read.ReadAsync<FailureRow>()).AsList();
        var dead = await read.ReadSingleAsync<long>();
        var moments = moves.Select(Told).Concat(deeds.Select(Told)).OrderByDescending(one => one.At).Take(Most).ToList();
        return new Past(moments, failures, dead);
    }

    /// Of the next messages that wait in its channels: those that go through this account and no other.
    public async Task<long> WaitingForAsync(string key, IReadOnlyList<string> channels, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(Sql.WaitingFor, new { key, channels = channels.ToArray(), sample = Sample }, cancellationToken: ct));
    }

    private static AccountMoment Told(DoorMove move) => move.Breaker == "closed"
        ? new AccountMoment(move.At, "ok", "It works again", null, null)
        : new AccountMoment(move.At, move.Reason?.StartsWith("drill", StringComparison.Ordinal) == true ? "warn" : "fail", "It was left alone", move.Reason, null);

    private static AccountMoment Told(Deed deed) => deed.Action switch
    {
        "provider.put" => new(deed.At, "off", "The account was changed", deed.Reason, deed.Actor),
        "provider.trip" => new(deed.At, "warn", "A drill began", deed.Reason, deed.Actor),
        "provider.reset" => new(deed.At, "ok", "It was opened by hand", deed.Reason, deed.Actor),
        "provider.test" => new(deed.At, "off", "It was tried", deed.Reason, deed.Actor),
        "provider.delete" => new(deed.At, "off", "An account of this key was removed", deed.Reason, deed.Actor),
        "account.pause" => new(deed.At, "warn", "It was paused", deed.Reason, deed.Actor),
        "account.resume" => new(deed.At, "ok", "It was resumed", deed.Reason, deed.Actor),
        _ => new(deed.At, "off", deed.Action, deed.Reason, deed.Actor),
    };

    internal static class Sql
    {
        public const string Past = """
            select at, breaker, reason, open_until from provider_gate_changes where account = @key order by at desc limit @most;

            select at, actor, action, reason from audit_log where target = any(@targets::text[]) order by id desc limit @most;

            select outcome, error_code as code, max(detail) as detail, count(*) as count, max(finished_at) as last_at
            from (
                select provider, outcome, error_code, detail, finished_at
                from attempts
                where message_id >= uuid_from(now() - interval '1 hour')
                order by message_id desc
                limit @sample
            ) as newest
            where provider = @key and outcome <> 'accepted'
            group by outcome, error_code
            order by count(*) desc
            limit 20;

            select count(*) from (
                select from dead_letters where provider = @key and failed_at > now() - interval '1 hour' limit @countTo
            ) as few
            """;

        public const string WaitingFor = """
            select count(*)
            from (select id from jobs where channel = any(@channels::text[]) limit @sample) as next
            join messages m on m.id = next.id
            where m.pinned_provider = @key
            """;
    }
}
