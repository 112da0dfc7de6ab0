using Dapper;
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

internal sealed class PreferenceStore(NpgsqlDataSource db)
{
    /// Null: there is no such user.
    public async Task<IReadOnlyList<Preference>?> ListAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var found = await connection.QueryAsync<Preference>(new CommandDefinition(Sql.List, new { user = user.Value }, cancellationToken: ct));
        if (found.AsList() is { Count: > 0 } wishes)
            return wishes;
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsKnown, new { user = user.Value }, cancellationToken: ct)) ? [] : null;
    }

    /// All or nothing; what is not named stays. `expected` sees what is stored, under the lock, and may refuse it.
    public async Task<PutResult> PutAsync(
        RecipientId user, IReadOnlyCollection<Preference> wishes, string source, Func<IReadOnlyList<Preference>, bool> expected, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The user's row is what two writers queue at, also when there is no preference yet.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.Lock, new { user = user.Value }, transaction, cancellationToken: ct)))
            return PutResult.NoSuchUser;

        var found = await connection.QueryAsync<Preference>(new CommandDefinition(Sql.List, new { user = user.Value }, transaction, cancellationToken: ct));
        if (!expected(found.AsList()))
            return PutResult.Changed;

        await connection.ExecuteAsync(new CommandDefinition(Sql.Put, new
        {
            user = user.Value,
            source,
            channels = wishes.Select(w => w.Channel).ToArray(),
            categories = wishes.Select(w => w.Category).ToArray(),
            optIns = wishes.Select(w => w.OptIn).ToArray(),
        }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return PutResult.Stored;
    }

    public enum PutResult
    {
        Stored,
        NoSuchUser,
        Changed,
    }

    internal static class Sql
    {
        public const string IsKnown = "select exists (select from users where id = @user)";

        public const string List = """
            select channel, category, opt_in, source, occurred_at
            from preferences
            where user_id = @user
            order by category, channel
            """;

        public const string Lock = "select true from users where id = @user for no key update";

        public const string Put = """
            insert into preferences (user_id, channel, category, opt_in, source)
            select @user, w.channel, w.category, w.opt_in, @source
            from unnest(@channels::text[], @categories::text[], @optIns::boolean[]) w (channel, category, opt_in)
            on conflict (user_id, channel, category) do update set
                opt_in = excluded.opt_in, source = excluded.source, occurred_at = now()
            """;
    }
}
