using Dapper;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using Npgsql;

namespace NotificationServer.Delivery;

/// Everything that a send needs to know of one claimed job.
internal sealed record Brief(
    Job Job, Channel Channel, string? UserId, string Address, string? PushProvider, string? AppId, string? Locale, bool Sandbox,
    CategoryRule Category, string? Template, int? TemplateVersion, NotificationPayload Payload)
{
    public Guid NotificationId { get; init; }
    public string? DeviceId { get; init; }
    public string? TimeZone { get; init; }
    /// The words speak of the person: the profile is read with the last look.
    public bool WantsPerson { get; init; }
    /// The account of the last call that is known; null: none was made yet, as far as anybody knows.
    public string? LastAccount { get; init; }
    /// An operator, or whoever asked for the message, wants it to go through this account.
    public string? Pinned { get; init; }
    /// Part of a campaign: of which of its runs.
    public Guid? CampaignRunId { get; init; }

    /// What its account is chosen by. The country is the person's, as it is now.
    public RouteQuery QueryOf(string? userCountry) => new(Channel, PushProvider)
    {
        Message = Job.Id,
        Address = Address,
        AppId = AppId,
        UserCountry = userCountry,
        Category = Category.Key.Length == 0 ? null : Category.Key,
        Template = Template,
        Sandbox = Sandbox,
        Pinned = Pinned ?? (Channel == Channel.Email ? Payload.Email?.Provider : null),
    };
}

/// Reads the briefs of a claim with one statement.
internal sealed class BriefReader(NpgsqlDataSource db, CategoryCatalog categories, TemplateCatalog templates)
{
    public async Task<IReadOnlyList<Brief>> ReadAsync(IReadOnlyList<Job> jobs, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var ids = jobs.Select(job => job.Id).ToArray();
        var range = IdRange.SiblingsOf(ids);
        var rows = (await connection.QueryAsync<Row>(
            new CommandDefinition(Sql.Briefs, new { ids, range.From, range.Below }, cancellationToken: ct)))
            .ToDictionary(row => row.Id);

        // A notification to many people is parsed once, not once a person.
        var payloads = new Dictionary<Guid, NotificationPayload>();
        var briefs = new List<Brief>(jobs.Count);
        var words = new LastTemplate(templates);
        foreach (var job in jobs)
        {
            var row = rows[job.Id];
            if (!payloads.TryGetValue(row.NotificationId, out var payload))
                payloads.Add(row.NotificationId, payload = NotificationPayload.FromJson(row.Payload));
            // A category that is no more holds nobody to its wishes less than before: what people said about it is still there.
            var category = row.Category is null ? CategoryRule.None
                : await categories.FindAsync(row.Category, ct) ?? new CategoryRule(row.Category, MessageClass.Marketing, null);
            var channel = ChannelNames.Parse(job.Channel);
            briefs.Add(new Brief(job, channel, row.UserId, row.Address, row.PushProvider, row.AppId,
                row.Locale, row.Sandbox, category, row.Template, row.TemplateVersion, payload)
            {
                NotificationId = row.NotificationId,
                DeviceId = row.DeviceId,
                TimeZone = row.TimeZone,
                WantsPerson = row is { Template: { } template, TemplateVersion: { } version } && await words.WantsPersonAsync(template, version, channel, ct),
                LastAccount = row.Provider,
                Pinned = row.PinnedProvider,
                CampaignRunId = row.CampaignRunId,
            });
        }
        return briefs;
    }

    /// Asked for with every message, of which the most have the template of the one before.
    private sealed class LastTemplate(TemplateCatalog templates)
    {
        private string? key;
        private int version;
        private Template? last;

        public async ValueTask<bool> WantsPersonAsync(string wanted, int wantedVersion, Channel channel, CancellationToken ct)
        {
            if (key != wanted || version != wantedVersion) (key, version, last) = (wanted, wantedVersion, await FindAsync(wanted, wantedVersion, ct));
            return last?.WantsPerson(channel.Family()) == true;
        }

        private async ValueTask<Template?> FindAsync(string wanted, int wantedVersion, CancellationToken ct)
        {
            try
            {
                return await templates.FindPinnedAsync(wanted, wantedVersion, ct);
            }
#pragma warning disable CA1031 // One template that cannot be read must not hold the messages of the others back: its own fail one by one when they are composed.
            catch (Exception e) when (e is not NpgsqlException and not OperationCanceledException)
#pragma warning restore CA1031
            {
                return null;
            }
        }
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public required Guid NotificationId { get; init; }
        public string? UserId { get; init; }
        public string? DeviceId { get; init; }
        public required string Address { get; init; }
        public string? PushProvider { get; init; }
        public string? AppId { get; init; }
        public string? Locale { get; init; }
        public string? TimeZone { get; init; }
        public bool Sandbox { get; init; }
        public string? Category { get; init; }
        public string? Template { get; init; }
        public int? TemplateVersion { get; init; }
        public string? Provider { get; init; }
        public string? PinnedProvider { get; init; }
        public Guid? CampaignRunId { get; init; }
        public required string Payload { get; init; }
    }

    internal static class Sql
    {
        public const string Briefs = """
            select m.id, m.notification_id, m.user_id, m.device_id, m.address, m.push_provider, m.app_id, m.locale, m.time_zone, m.sandbox,
                m.provider, m.pinned_provider, m.campaign_run_id,
                n.category, n.template, n.template_version, n.payload::text as payload
            from messages m
            join notifications n on n.id = m.notification_id
            where m.id = any(@ids::uuid[]) and m.id >= @from and m.id < @below and n.id >= @from and n.id < @below
            """;
    }
}
