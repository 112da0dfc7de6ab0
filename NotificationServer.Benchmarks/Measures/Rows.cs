using NotificationServer.Benchmarks.Parts;
using Npgsql;

namespace NotificationServer.Benchmarks.Measures;

/// The rows of some messages, each of a notification of its own, as arrays: new ids each time and nothing else that costs.
internal sealed class Rows(int count)
{
    public static readonly string[] Channels = ["ios_push", "android_push", "web_push", "sms", "email"];

    private readonly Guid[] notifications = new Guid[count], messages = new Guid[count];
    private readonly string[] events = new string[count];
    private readonly string[] users = [.. Enumerable.Range(0, count).Select(n => Crowd.User(n))];
    private readonly string[] channels = [.. Enumerable.Range(0, count).Select(n => Channels[n % Channels.Length])];

    public void Renew()
    {
        for (var i = 0; i < count; i++)
        {
            notifications[i] = Guid.CreateVersion7();
            messages[i] = Guid.CreateVersion7();
            events[i] = $"raw:{messages[i]:N}";
        }
    }

    public NpgsqlBatch Command(NpgsqlConnection connection)
    {
        var client = Guid.CreateVersion7();
        return new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Sql.Events) { Parameters = { new("client", client), new("events", events), new("ids", notifications) } },
                new(Sql.Notifications) { Parameters = { new("client", client), new("events", events), new("ids", notifications) } },
                new(Sql.Messages)
                {
                    Parameters = { new("client", client), new("ids", messages), new("notifications", notifications), new("users", users), new("channels", channels) },
                },
                new(Sql.Jobs) { Parameters = { new("ids", messages), new("channels", channels) } },
            },
        };
    }

    internal static class Sql
    {
        public const string Events = """
            insert into event_dedup (client_id, event_id, request_hash, notification_id)
            select @client, e.event, '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'::bytea, e.id
            from unnest(@events, @ids) e(event, id)
            """;

        public const string Notifications = """
            insert into notifications (id, client_id, event_id, payload, accepted_at, recipients)
            select n.id, @client, n.event,
                '{"content":{"title":"Order shipped","body":"It leaves today","text":"Your order leaves today.","subject":"Order shipped","html":"<p>Your order leaves <b>today</b>.</p>"}}',
                now(), 1
            from unnest(@events, @ids) n(event, id)
            """;

        public const string Messages = """
            insert into messages (id, notification_id, client_id, user_id, channel, lane, address, locale, status, created_at, updated_at)
            select m.id, m.notification, @client, m.user_id, m.channel, 1, 'somebody@example.org', 'en', 'queued', now(), now()
            from unnest(@ids, @notifications, @users, @channels) m(id, notification, user_id, channel)
            """;

        public const string Jobs = """
            insert into jobs (channel, id, lane, run_at)
            select j.channel, j.id, 1, now()
            from unnest(@ids, @channels) j(id, channel)
            """;
    }
}
