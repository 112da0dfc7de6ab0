using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;
using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Benchmarks.Measures;

/// The very rows that a campaign makes, and no logic at all: who is meant, one notification a thousand people, their messages and jobs. Two
/// connections; a thousand people and two thousand messages a transaction; prepared statements.
internal static class CampaignRows
{
    private const int Connections = 2;
    private const int People = 1000;
    private static readonly string[] Channels = ["ios_push", "android_push"];

    /// Messages a second.
    public static async Task<double> MeasureAsync(Rig rig, int batches, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync("campaign_rows", ct);
        await InsertAsync(arena, 4, ct);
        var started = Stopwatch.GetTimestamp();
        await InsertAsync(arena, batches, ct);
        return batches * People * 2 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task InsertAsync(Arena arena, int batches, CancellationToken ct)
    {
        var left = batches;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            await using var connection = await arena.Db.OpenConnectionAsync(ct);
            Guid run = Guid.CreateVersion7(), client = Guid.CreateVersion7();
            var users = Enumerable.Range(0, People * 2).Select(n => $"c{n / 2:0000000}").ToArray();
            var meant = Enumerable.Range(0, People).Select(n => $"c{n:0000000}").ToArray();
            var channels = Enumerable.Range(0, People * 2).Select(n => Channels[n % 2]).ToArray();
            var tokens = users.Select(user => $"{user}-{user}-{user}-{user}-{user}-{user}-{user}").ToArray();
            var ids = new NpgsqlParameter<Guid[]>("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid);
            var notification = new NpgsqlParameter<Guid>("notification", Guid.Empty);
            var part = new NpgsqlParameter<Guid>("run", run);
            await using var insert = new NpgsqlCommand(Sql.Insert, connection)
            {
                Parameters = { ids, notification, part, new("client", client), new("users", users), new("meant", meant), new("channels", channels), new("tokens", tokens) },
            };
            ids.TypedValue = new Guid[People * 2];
            await insert.PrepareAsync(ct);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                notification.TypedValue = Guid.CreateVersion7();
                part.TypedValue = Guid.CreateVersion7();
                for (var i = 0; i < ids.TypedValue.Length; i++) ids.TypedValue[i] = Guid.CreateVersion7();
                await insert.ExecuteNonQueryAsync(ct);
            }
        }));
    }

    internal static class Sql
    {
        public const string Insert = """
            with meant as (
                insert into campaign_recipients (run_id, user_id, wave) select @run, id, 0 from unnest(@meant) as p(id)
            ), asked as (
                insert into notifications (id, client_id, category, template, template_version, payload, accepted_at, recipients, campaign_run_id)
                values (@notification, @client, 'offers', 'bench-campaign', 1, '{}', now(), 1000, @run)
            ), said as (
                insert into messages (id, notification_id, client_id, user_id, device_id, channel, lane, address, push_provider, locale, time_zone, status,
                    created_at, updated_at, template, template_version, campaign_run_id)
                select m.id, @notification, @client, m.user_id, m.channel, m.channel, 2, m.token, 'fcm', 'en', 'Europe/Berlin', 'queued', now(), now(), 'bench-campaign', 1, @run
                from unnest(@ids, @users, @channels, @tokens) as m(id, user_id, channel, token)
            )
            insert into jobs (channel, id, lane, run_at) select j.channel, j.id, 2, now() from unnest(@ids, @channels) as j(id, channel)
            """;
    }
}
