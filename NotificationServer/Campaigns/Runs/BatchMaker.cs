using NotificationServer.Campaigns.Plans;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Makes the messages of some people of a run: one notification, by the same rules and the same writer as every other.
internal sealed class BatchMaker(Preparation preparation, RecipientReader recipients, ProviderRoutes routes, IntakeBounds bounds)
{
    /// Problem: nothing was written, and nothing can be until a person looks at it. IsFull: nor can it be now.
    internal sealed record Made(int Addressed, int Messages, IReadOnlyDictionary<string, int> Excluded, IReadOnlyCollection<(string Channel, Lane Lane)> Queues)
    {
        public string? Problem { get; init; }
        public bool IsFull { get; init; }
    }

    private static readonly Made Nothing = new(0, 0, new Dictionary<string, int>(), []);

    /// In the caller's transaction.
    public async Task<Made> MakeAsync(NpgsqlConnection connection, Run run, short? variant, IReadOnlyList<string> users, CancellationToken ct)
    {
        var (prepared, errors) = await preparation.PrepareAsync(RequestOf(run, variant, users), ct);
        if (prepared is null) return Nothing with { Problem = errors[0].Message };
        if (bounds.AreFullFor(prepared)) return Nothing with { IsFull = true };

        // Read by a connection of its own, as for any other request: what people wish is looked at again before each send.
        var decision = Decision.Of(prepared, await KnownTo.ReadAsync(recipients, [prepared], ct), routes, (0, 0));
        await IntakeWriter.InsertAsync(connection, [decision], withEvents: false, ct);
        var (addressed, excluded) = Tally(decision.Messages);
        return new Made(addressed, decision.Messages.Count, excluded, IntakeWriter.QueuesOf([decision]));
    }

    private static NotificationRequest RequestOf(Run run, short? variant, IReadOnlyList<string> users)
    {
        var (template, version) = run.Says(variant);
        return new NotificationRequest
        {
            ClientId = run.ClientId,
            Sandbox = run.Sandbox,
            To = [.. users.Select(user => new RecipientReference(user, null, null, null))],
            Template = template,
            TemplateVersion = version,
            Channels = [.. run.Plan.Channels.SelectMany(ChannelNames.Expand).Distinct()],
            ExpiresAt = run.ExpiresAt,
            Payload = new NotificationPayload { Data = run.Plan.Data, IgnoreFrequencyCap = run.Plan.FrequencyCap == FrequencyCap.Ignore ? true : null },
            CampaignRunId = run.Id,
        };
    }

    /// People, not messages: whoever gets one at least is reached; of the others, what kept the first of theirs. They come person by person.
    internal static (int Addressed, Dictionary<string, int> Excluded) Tally(IReadOnlyList<NewMessage> messages)
    {
        var (addressed, excluded) = (0, new Dictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < messages.Count;)
        {
            var first = messages[i];
            var reached = false;
            for (; i < messages.Count && messages[i].UserId == first.UserId; i++) reached |= messages[i].SuppressedBecause is null;
            if (reached) addressed++;
            else excluded[first.SuppressedBecause!] = excluded.GetValueOrDefault(first.SuppressedBecause!) + 1; // none of theirs goes
        }
        return (addressed, excluded);
    }
}
