using Dapper;
using NotificationServer.Platform;
using NotificationServer.Recipients.Consents;
using Npgsql;

namespace NotificationServer.Recipients;

/// One wish of a person: this channel, for this category (empty: for all), or not.
internal sealed record Preference
{
    public required string Channel { get; init; }
    public required string Category { get; init; }
    public required bool OptIn { get; init; }
    public string Source { get; init; } = "";
    public DateTimeOffset OccurredAt { get; init; }
}

internal sealed record StoredPreferences(IReadOnlyList<Preference> Wishes, QuietHours? Quiet);

/// Quiet null: from now on there are none.
internal sealed record QuietChange(QuietHours? Quiet);

internal sealed class PreferenceStore(NpgsqlDataSource db)
{
    /// Null: there is no such user.
    public async Task<StoredPreferences?> FindAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ReadAsync(connection, Sql.Quiet, user, ct);
    }

    /// Audit: for the audit log, where a colleague did it. All or nothing; what is not named stays. `expected` sees what is stored, under the lock, and may refuse it.
    public async Task<PutResult> PutAsync(
        RecipientId user, IReadOnlyCollection<Preference> wishes, QuietChange? quiet, string source, string actor, Func<StoredPreferences, bool> expected,
        AuditEntry? audit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The user's row is what two writers queue at, also when there is no preference yet.
        if (await ReadAsync(connection, Sql.QuietLocked, user, ct) is not { } found)
            return PutResult.NoSuchUser;
        if (!expected(found))
            return PutResult.Changed;

        if (quiet is not null)
            await connection.ExecuteAsync(new CommandDefinition(Sql.PutQuiet, new
            {
                user = user.Value,
                from = Minutes(quiet.Quiet?.From),
                to = Minutes(quiet.Quiet?.To),
                zone = quiet.Quiet?.TimeZone,
            }, transaction, cancellationToken: ct));
        // The history, which the database keeps by itself, wants to know who wrote it down.
        await connection.ExecuteAsync(new CommandDefinition(ConsentStore.Sql.Tell, new { actor, text = "", ip = "" }, transaction, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.Put, new
        {
            user = user.Value,
            source,
            channels = wishes.Select(w => w.Channel).ToArray(),
            categories = wishes.Select(w => w.Category).ToArray(),
            optIns = wishes.Select(w => w.OptIn).ToArray(),
        }, transaction, cancellationToken: ct));
        if (audit is not null) await AuditLog.AppendAsync(connection, audit, ct);
        await transaction.CommitAsync(ct);
        return PutResult.Stored;
    }

    private static async Task<StoredPreferences?> ReadAsync(NpgsqlConnection connection, string quiet, RecipientId user, CancellationToken ct)
    {
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(quiet + Sql.List, new { user = user.Value }, cancellationToken: ct));
        var known = await rows.ReadSingleOrDefaultAsync<QuietRow>();
        var wishes = (await rows.ReadAsync<Preference>()).AsList();
        return known is null ? null : new StoredPreferences(wishes, known.Quiet);
    }

    private static int? Minutes(TimeOnly? time) => time is { } at ? at.Hour * 60 + at.Minute : null;

    private sealed record QuietRow(int? From, int? To, string? Zone)
    {
        public QuietHours? Quiet => From is { } from && To is { } to ? new QuietHours(TimeAt(from), TimeAt(to), Zone) : null;

        private static TimeOnly TimeAt(int minutes) => new(minutes / 60, minutes % 60);
    }

    public enum PutResult
    {
        Stored,
        NoSuchUser,
        Changed,
    }

    internal static class Sql
    {
        public const string Quiet = """
            select (extract(epoch from quiet_from) / 60)::integer as "From", (extract(epoch from quiet_to) / 60)::integer as "To", quiet_zone as "Zone"
            from users
            where id = @user;

            """;

        public const string QuietLocked = """
            select (extract(epoch from quiet_from) / 60)::integer as "From", (extract(epoch from quiet_to) / 60)::integer as "To", quiet_zone as "Zone"
            from users
            where id = @user
            for no key update;

            """;

        public const string PutQuiet = """
            update users
            set quiet_from = time '00:00' + make_interval(mins => @from::integer), quiet_to = time '00:00' + make_interval(mins => @to::integer),
                quiet_zone = @zone::text
            where id = @user
            """;

        public const string List = """
            select channel, category, opt_in, source, occurred_at
            from preferences
            where user_id = @user
            order by category, channel
            """;

        public const string Put = """
            insert into preferences (user_id, channel, category, opt_in, source)
            select @user, w.channel, w.category, w.opt_in, @source
            from unnest(@channels::text[], @categories::text[], @optIns::boolean[]) w (channel, category, opt_in)
            on conflict (user_id, channel, category) do update set
                opt_in = excluded.opt_in, source = excluded.source, occurred_at = now()
            """;
    }
}
