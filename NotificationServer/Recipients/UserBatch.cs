using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Recipients;

/// What somebody says of one user: a JSON object with what is to be changed, judged and in its stored form already.
internal readonly record struct UserPatch(string UserId, string Json, bool HasDevices);

/// Creates and changes many users, with their devices, by a constant number of statements. What a patch does not name stays; an attribute
/// that is null goes. Doing the same again changes nothing, not even a version.
internal static class UserBatch
{
    internal readonly record struct Stored(int Created, int Changed);

    /// In the caller's transaction. No user twice.
    public static async Task<Stored> PutAsync(NpgsqlConnection connection, IReadOnlyList<UserPatch> patches, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(Sql.PutUsers, patches));
        if (patches.Any(patch => patch.HasDevices))
        {
            var withDevices = patches.Where(patch => patch.HasDevices).ToList();
            // All devices at once instead of a lock a token: single registrations wait for these milliseconds.
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql.LockDevices));
            batch.BatchCommands.Add(Command(Sql.MoveAway, withDevices));
            batch.BatchCommands.Add(Command(Sql.PutDevices, withDevices));
        }
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var stored = new Stored(reader.GetInt32(0), reader.GetInt32(1));
        while (await reader.NextResultAsync(ct))
        {
            // To the last one: what went wrong there is only said when it is asked for.
        }
        return stored;
    }

    private static NpgsqlBatchCommand Command(string sql, IReadOnlyList<UserPatch> patches) => new(sql)
    {
        Parameters =
        {
            new("ids", patches.Select(patch => patch.UserId).ToArray()),
            new("rows", NpgsqlDbType.Array | NpgsqlDbType.Jsonb) { Value = patches.Select(patch => patch.Json).ToArray() },
        },
    };

    internal static class Sql
    {
        // The known ones are locked in one order, so that two batches wait for each other one way round. Whoever is created by somebody else at
        // the same moment is changed as far as the patch says something.
        public const string PutUsers = """
            with given as materialized (
                select user_id, data from unnest(@ids::text[], @rows::jsonb[]) as g(user_id, data)
            ), known as materialized (
                select * from users where id = any(@ids::text[]) order by id for no key update
            ), next as (
                select k.id,
                    case when data ? 'email' then data ->> 'email' else k.email end as email,
                    case when data ? 'phone' then data ->> 'phone' else k.phone end as phone,
                    case when data ? 'locale' then data ->> 'locale' else k.locale end as locale,
                    case when data ? 'time_zone' then data ->> 'time_zone' else k.time_zone end as time_zone,
                    case when data ? 'country' then data ->> 'country' else k.country end as country,
                    case when data ? 'attributes' then (k.attributes || (data -> 'attributes')) - array(
                        select key from jsonb_each(data -> 'attributes') where value = 'null') else k.attributes end as attributes,
                    case when data ? 'tags' then array(select jsonb_array_elements_text(data -> 'tags')) else k.tags end as tags
                from known k
                join given g on g.user_id = k.id
            ), changed as (
                update users u
                set email = n.email, phone = n.phone, locale = n.locale, time_zone = n.time_zone, country = n.country,
                    attributes = n.attributes, tags = n.tags, version = u.version + 1, updated_at = now()
                from next n
                where u.id = n.id and (u.email, u.phone, u.locale, u.time_zone, u.country, u.attributes, u.tags)
                    is distinct from (n.email, n.phone, n.locale, n.time_zone, n.country, n.attributes, n.tags)
                returning u.id
            ), created as (
                insert into users as u (id, email, phone, locale, time_zone, country, attributes, tags)
                select user_id, data ->> 'email', data ->> 'phone', data ->> 'locale', data ->> 'time_zone', data ->> 'country',
                    coalesce(data -> 'attributes', '{}') - array(select key from jsonb_each(coalesce(data -> 'attributes', '{}')) where value = 'null'),
                    array(select jsonb_array_elements_text(coalesce(data -> 'tags', '[]')))
                from given
                where user_id not in (select id from known)
                order by user_id
                on conflict (id) do update set
                    email = coalesce(excluded.email, u.email), phone = coalesce(excluded.phone, u.phone),
                    locale = coalesce(excluded.locale, u.locale), time_zone = coalesce(excluded.time_zone, u.time_zone),
                    country = coalesce(excluded.country, u.country), attributes = u.attributes || excluded.attributes,
                    tags = case when excluded.tags = '{}' then u.tags else excluded.tags end, version = u.version + 1, updated_at = now()
                returning id
            )
            select (select count(*) from created)::integer, (select count(*) from changed)::integer
            """;

        public const string LockDevices = "select pg_advisory_xact_lock(hashtextextended('devices', 0))";

        public const string MoveAway = """
            delete from devices d
            where (d.user_id, d.id) in (
                select o.user_id, o.id
                from devices_in(@ids::text[], @rows::jsonb[]) g
                join devices o on o.push_provider = g.push_provider and md5(o.token) = md5(g.token) and o.token = g.token
                where (o.user_id, o.id) <> (g.user_id, g.id)
                union all
                select o.user_id, o.id
                from devices_in(@ids::text[], @rows::jsonb[]) g
                join devices o on o.install_id = g.install_id and coalesce(o.app_id, '') = coalesce(g.app_id, '')
                where (o.user_id, o.id) <> (g.user_id, g.id))
            """;

        // What is as it was already stays untouched, so that the same file again is cheap.
        public const string PutDevices = """
            insert into devices as d (user_id, id, platform, push_provider, token, app_id, app_version, locale, time_zone, install_id)
            select user_id, id, platform, push_provider, token, app_id, app_version, locale, time_zone, install_id
            from devices_in(@ids::text[], @rows::jsonb[])
            order by user_id, id
            on conflict (user_id, id) do update set
                platform = excluded.platform, push_provider = excluded.push_provider, token = excluded.token, app_id = excluded.app_id,
                app_version = excluded.app_version, locale = excluded.locale, time_zone = excluded.time_zone, install_id = excluded.install_id,
                updated_at = now(), retired_at = null, retired_reason = null
            where (d.platform, d.push_provider, d.token, d.app_id, d.app_version, d.locale, d.time_zone, d.install_id) is distinct from
                (excluded.platform, excluded.push_provider, excluded.token, excluded.app_id, excluded.app_version, excluded.locale,
                    excluded.time_zone, excluded.install_id) or d.retired_at is not null
            """;
    }
}
