using Dapper;
using Npgsql;

namespace NotificationServer.Benchmarks.Parts;

/// The people whom the messages go to: each with every address, a device of each kind, and a wish that has to be read.
internal static class Crowd
{
    public const int Size = 20_000;

    public static string User(long number) => $"u{number % Size:000000}";

    public static async Task SettleAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        foreach (var sql in (string[])[Sql.Users, Sql.Devices, Sql.Preferences, Sql.Analyze])
            await connection.ExecuteAsync(new CommandDefinition(sql, new { size = Size }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Users = """
            insert into users (id, email, phone, locale, time_zone)
            select 'u' || lpad(n::text, 6, '0'), 'person' || n || '@example.org', '+1555' || lpad(n::text, 7, '0'), 'en', 'Europe/Berlin'
            from generate_series(0, @size - 1) n
            """;

        public const string Devices = """
            insert into devices (user_id, id, platform, push_provider, token, app_id)
            select u.id, kind.platform, kind.platform, kind.provider,
                case kind.platform when 'ios' then md5(u.id) || md5(u.id || '2') else kind.platform || '-' || md5(u.id) || md5(u.id || '2') end, null
            from users u
            cross join (values ('ios', 'apns'), ('android', 'fcm'), ('web', 'fcm')) as kind(platform, provider)
            """;

        public const string Preferences = """
            insert into preferences (user_id, channel, category, opt_in, source)
            select id, 'email', 'offers', true, 'benchmark' from users
            """;

        public const string Analyze = "analyze users, devices, preferences, blocks, suppressions";
    }
}
