using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Queue;

/// Stores what intake decided: every message, and a job for each that is to be sent. A command for the caller's transaction,
/// because a message without its job, or a 202 without either, must not exist.
internal static class MessageWriter
{
    public static NpgsqlBatchCommand InsertCommand(IReadOnlyList<NewMessage> messages)
    {
        var columns = new Columns(messages.Count);
        for (var i = 0; i < messages.Count; i++) columns.Set(i, messages[i]);
        return columns.ToCommand();
    }

    private sealed class Columns(int count)
    {
        private readonly Guid[] ids = new Guid[count], notifications = new Guid[count], clients = new Guid[count];
        private readonly string?[] users = new string?[count], devices = new string?[count], addresses = new string?[count],
            pushProviders = new string?[count], apps = new string?[count], locales = new string?[count], zones = new string?[count],
            templates = new string?[count], reasons = new string?[count];
        private readonly string[] channels = new string[count];
        private readonly short[] lanes = new short[count];
        private readonly int?[] versions = new int?[count];
        private readonly bool[] sandbox = new bool[count];
        private readonly DateTimeOffset[] created = new DateTimeOffset[count];
        private readonly Guid?[] consents = new Guid?[count], runs = new Guid?[count];
        private readonly DateTimeOffset?[] sendAt = new DateTimeOffset?[count], expiresAt = new DateTimeOffset?[count];

        public void Set(int i, NewMessage message)
        {
            ids[i] = message.Id;
            notifications[i] = message.NotificationId;
            clients[i] = message.ClientId;
            users[i] = message.UserId;
            devices[i] = message.DeviceId;
            channels[i] = message.Channel;
            lanes[i] = (short)message.Lane;
            addresses[i] = message.Address;
            pushProviders[i] = message.PushProvider;
            apps[i] = message.AppId;
            locales[i] = message.Locale;
            zones[i] = message.TimeZone;
            sandbox[i] = message.Sandbox;
            templates[i] = message.Template;
            versions[i] = message.TemplateVersion;
            reasons[i] = message.SuppressedBecause;
            consents[i] = message.ConsentId;
            created[i] = message.CreatedAt;
            sendAt[i] = message.SendAt;
            expiresAt[i] = message.ExpiresAt;
            runs[i] = message.CampaignRunId;
        }

        public NpgsqlBatchCommand ToCommand()
        {
            const NpgsqlDbType many = NpgsqlDbType.Array;
            var command = new NpgsqlBatchCommand(Sql.Insert);
            void Add(string name, object value, NpgsqlDbType element) =>
                command.Parameters.Add(new NpgsqlParameter(name, many | element) { Value = value });
            Add("ids", ids, NpgsqlDbType.Uuid);
            Add("notifications", notifications, NpgsqlDbType.Uuid);
            Add("clients", clients, NpgsqlDbType.Uuid);
            Add("users", users, NpgsqlDbType.Text);
            Add("devices", devices, NpgsqlDbType.Text);
            Add("channels", channels, NpgsqlDbType.Text);
            Add("lanes", lanes, NpgsqlDbType.Smallint);
            Add("addresses", addresses, NpgsqlDbType.Text);
            Add("push_providers", pushProviders, NpgsqlDbType.Text);
            Add("apps", apps, NpgsqlDbType.Text);
            Add("locales", locales, NpgsqlDbType.Text);
            Add("zones", zones, NpgsqlDbType.Text);
            Add("sandbox", sandbox, NpgsqlDbType.Boolean);
            Add("templates", templates, NpgsqlDbType.Text);
            Add("versions", versions, NpgsqlDbType.Integer);
            Add("reasons", reasons, NpgsqlDbType.Text);
            Add("consents", consents, NpgsqlDbType.Uuid);
            Add("created", created, NpgsqlDbType.TimestampTz);
            Add("send_at", sendAt, NpgsqlDbType.TimestampTz);
            Add("expires_at", expiresAt, NpgsqlDbType.TimestampTz);
            Add("runs", runs, NpgsqlDbType.Uuid);
            return command;
        }
    }

    internal static class Sql
    {
        public const string Insert = """
            with asked as materialized (
                select *
                from unnest(
                    @ids::uuid[], @notifications::uuid[], @clients::uuid[], @users::text[], @devices::text[], @channels::text[],
                    @lanes::smallint[], @addresses::text[], @push_providers::text[], @apps::text[], @locales::text[], @zones::text[],
                    @sandbox::boolean[], @reasons::text[], @consents::uuid[], @created::timestamptz[], @send_at::timestamptz[], @expires_at::timestamptz[],
                    @templates::text[], @versions::integer[], @runs::uuid[])
                as a(id, notification_id, client_id, user_id, device_id, channel, lane, address, push_provider, app_id, locale,
                    time_zone, sandbox, reason, consent_id, created_at, send_at, expires_at,
                    template, template_version, campaign_run_id)
            ), said as (
                insert into messages (id, notification_id, client_id, user_id, device_id, channel, lane, address, push_provider,
                    app_id, locale, time_zone, sandbox, status, reason, consent_id, created_at, send_at, expires_at, updated_at,
                    template, template_version, campaign_run_id)
                select id, notification_id, client_id, user_id, device_id, channel, lane, address, push_provider,
                    app_id, locale, time_zone, sandbox, case when reason is null then 'queued' else 'suppressed' end, reason, consent_id,
                    created_at, send_at, expires_at, created_at,
                    template, template_version, campaign_run_id
                from asked
            )
            insert into jobs (channel, id, lane, run_at, expires_at)
            select channel, id, lane, coalesce(send_at, created_at), expires_at
            from asked
            where reason is null
            """;
    }
}
