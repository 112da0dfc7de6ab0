using Dapper;
using NotificationServer.Recipients.Consents;
using Npgsql;

namespace NotificationServer.Recipients;

/// One wish of one of many people. Without a time it is said now.
internal sealed record SaidPreference(string UserId, string Channel, string Category, bool OptIn, string Source, DateTimeOffset? OccurredAt);

/// Stores the wishes of many people, as another system kept them.
internal sealed class PreferenceBatch(NpgsqlDataSource db)
{
    /// All or nothing. The places of those whose user is not known. The latest word counts, whichever comes first: an opt-in
    /// of yesterday does not undo an opt-out of today.
    public async Task<IReadOnlySet<int>> PutAsync(IReadOnlyList<SaidPreference> said, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The history, which the database keeps by itself, wants to know who wrote it down.
        await connection.ExecuteAsync(new CommandDefinition(ConsentStore.Sql.Tell, new { actor, text = "", ip = "" }, transaction, cancellationToken: ct));
        var strangers = (await connection.QueryAsync<int>(new CommandDefinition(Sql.Put, new
        {
            users = said.Select(one => one.UserId).ToArray(),
            channels = said.Select(one => one.Channel).ToArray(),
            categories = said.Select(one => one.Category).ToArray(),
            optIns = said.Select(one => one.OptIn).ToArray(),
            sources = said.Select(one => one.Source).ToArray(),
            times = said.Select(one => one.OccurredAt).ToArray(),
        }, transaction, cancellationToken: ct))).Select(place => place - 1).ToHashSet();
        await transaction.CommitAsync(ct);
        return strangers;
    }

    internal static class Sql
    {
        public const string Put = """
            with said as materialized (
                -- What is said now outweighs whatever is there, by the database's clock, as what a person says by himself does.
                select s.user_id, s.channel, s.category, s.opt_in, s.source, coalesce(s.occurred_at, greatest(now(), p.occurred_at)) as occurred_at, s.place
                from unnest(@users::text[], @channels::text[], @categories::text[], @optIns::boolean[], @sources::text[], @times::timestamptz[])
                    with ordinality as s(user_id, channel, category, opt_in, source, occurred_at, place)
                left join preferences p on s.occurred_at is null and p.user_id = s.user_id and p.channel = s.channel and p.category = s.category
            ), known as materialized (
                select id from users where id = any(@users::text[]) order by id for no key update
            ), stored as (
                insert into preferences as p (user_id, channel, category, opt_in, source, occurred_at)
                select distinct on (user_id, channel, category) user_id, channel, category, opt_in, source, occurred_at
                from said
                where user_id in (select id from known)
                order by user_id, channel, category, occurred_at desc, place desc
                on conflict (user_id, channel, category) do update set
                    opt_in = excluded.opt_in, source = excluded.source, occurred_at = excluded.occurred_at
                where p.occurred_at <= excluded.occurred_at
            )
            select place::integer from said where user_id not in (select id from known) order by place
            """;
    }
}
