using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Campaigns.Reports;

/// Puts a sample of the audience through the rules that the send goes by: the very same code, so that there is nothing to keep in step.
internal sealed class ReachEstimate(
    Audiences audiences, AudienceSample sample, Preparation preparation, RecipientReader recipients, ProviderRoutes routes, ContactRoom room,
    IOptions<ReportOptions> options, TimeProvider clock)
{
    private const int MostKept = 64;
    private static readonly TimeSpan Costly = TimeSpan.FromSeconds(0.5);

    private readonly ConcurrentDictionary<string, (long At, Reach Reach)> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<ReachAnswer>>> underWay = new(StringComparer.Ordinal);

    /// Of a draft, too, as soon as it has a template and an audience. What took long is not done again within a few seconds, and whoever asks
    /// while it is being done waits for the same answer: it goes on when one of them does not wait any longer.
    public Task<ReachAnswer> OfAsync(Campaign campaign, CancellationToken ct)
    {
        var key = $"{campaign.Sandbox} {campaign.Plan.ToJson()}";
        if (known.TryGetValue(key, out var before) && clock.GetElapsedTime(before.At) < options.Value.EstimateMaxAge) return Task.FromResult(new ReachAnswer(before.Reach, []));
        return underWay.GetOrAdd(key, _ => new Lazy<Task<ReachAnswer>>(() => WorkOutAsync(key, campaign))).Value.WaitAsync(ct);
    }

    private async Task<ReachAnswer> WorkOutAsync(string key, Campaign campaign)
    {
        await Task.Yield(); // not before it is known to be under way
        try
        {
            var started = Stopwatch.GetTimestamp();
            // Each of its statements has its own end.
            var answer = await ReadAsync(campaign, CancellationToken.None);
            if (answer.Reach is { } fresh && Stopwatch.GetElapsedTime(started) > Costly)
            {
                if (known.Count >= MostKept) known.Clear();
                known[key] = (clock.GetTimestamp(), fresh);
            }
            return answer;
        }
        finally
        {
            underWay.TryRemove(key, out _);
        }
    }

    /// When the first message of a plan would go, and until when it is worth sending. Local: where the clocks are furthest ahead.
    public static (DateTimeOffset? Start, DateTimeOffset? ExpiresAt) TimesOf(Campaign campaign, DateTimeOffset now)
    {
        var (plan, schedule) = (campaign.Plan, campaign.Plan.Schedule);
        var planned = campaign.Status is CampaignStatus.Scheduled ? campaign.NextRunAt : null;
        var start = planned ?? schedule.Kind switch
        {
            ScheduleKind.Now => now,
            ScheduleKind.At => schedule.At,
            ScheduleKind.Local => schedule.LocalTime is null ? null : Occurrences.Next(schedule, now) ?? now,
            ScheduleKind.Recurring => string.IsNullOrEmpty(schedule.Cron) ? null : Occurrences.Next(schedule, now),
        };
        if (start is not { } begins) return (null, plan.ExpiresAt);
        if (begins < now) begins = now;
        if (schedule.Kind != ScheduleKind.Recurring) return (begins, plan.ExpiresAt);
        return (begins, plan.ExpiresAfter is { } after ? begins + after : plan.ExpiresAt ?? Occurrences.Next(schedule, begins));
    }

    private async Task<ReachAnswer> ReadAsync(Campaign campaign, CancellationToken ct)
    {
        var (audience, errors) = await audiences.OfAsync(campaign.Plan.Audience, ct);
        if (audience is null) return new ReachAnswer(null, errors);
        var (start, expiresAt) = TimesOf(campaign, clock.GetUtcNow());

        // Prepared before anybody is picked: what has no words need not be counted.
        var wordings = WordingsOf(campaign.Plan).Select(wording => RequestOf(campaign, wording, start, expiresAt)).ToList();
        if (wordings.Count == 0) return new ReachAnswer(null, [new("/template", "missing", "Choose a template first: its category and its words decide who can get it")]);
        var prepared = new List<PreparedRequest>();
        foreach (var request in wordings)
        {
            var (one, faults) = await preparation.PrepareAsync(request, ct);
            if (one is null) return new ReachAnswer(null, [.. faults.Select(fault => new PlanError(fault.Pointer, fault.Code, fault.Message))]);
            prepared.Add(one);
        }

        if (await sample.OfAsync(audience, ct) is not { } picked)
            return new ReachAnswer(null, [new("/audience", "too_slow", "It could not be found out in time whom this means: make the rules of its segments simpler")]);
        var tally = new ReachTally();
        foreach (var (place, one) in prepared.Index())
        {
            var people = picked.People.Where((_, n) => n % prepared.Count == place).ToList();
            await TallyAsync(tally, campaign.Plan, one, people, start ?? clock.GetUtcNow(), expiresAt, ct);
        }
        return new ReachAnswer(tally.ToReach(clock.GetUtcNow(), picked.Audience, picked.IsCounted, picked.People.Count), []);
    }

    private async Task TallyAsync(
        ReachTally tally, CampaignPlan plan, PreparedRequest prepared, IReadOnlyList<string> people, DateTimeOffset start, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        prepared = prepared with { Request = prepared.Request with { To = [.. people.Select(id => new RecipientReference(id, null, null, null))] } };
        var known = await KnownTo.ReadAsync(recipients, [prepared], ct);
        var full = plan.FrequencyCap == FrequencyCap.Ignore ? null : await room.FullAsync(prepared.Category, people, start, expiresAt, ct);
        foreach (var id in people) tally.Live(known.People.GetValueOrDefault(id)?.TimeZone);
        foreach (var (recipient, target) in Decision.Targets(prepared, known, routes))
        {
            var person = recipient.UserId!; // everybody was picked by their id
            if (target.Refusals.First() is { } reason)
            {
                tally.Refuse(person, target.Channel, reason);
                continue;
            }
            var channel = ChannelNames.Parse(target.Channel);
            var told = full?.GetValueOrDefault((person, channel.Family().Name())) ?? ContactRoom.Answer.Room;
            if (told == ContactRoom.Answer.Full)
            {
                tally.Refuse(person, target.Channel, ContactTokens.Capped);
                continue;
            }
            var route = routes.Of(Decision.QueryOf(prepared, recipient, target, channel, known) with { Message = Guid.CreateVersion7() });
            if (route.Candidates.Count == 0) tally.Refuse(person, target.Channel, Refusals.NoProvider.First()!); // one refusal has a name
            else tally.Send(person, target, [.. route.Candidates.Select(account => account.Key)], isHeldByCap: told == ContactRoom.Answer.Later);
        }
    }

    private static IEnumerable<(string Template, int? Version)> WordingsOf(CampaignPlan plan) =>
        plan.AbTest is { Variants.Count: > 0 } test
            ? from variant in test.Variants let key = variant.Template ?? plan.Template where key is not null select (key, variant.TemplateVersion ?? (key == plan.Template ? plan.TemplateVersion : null))
            : plan.Template is { } only ? [(only, plan.TemplateVersion)] : [];

    private static NotificationRequest RequestOf(Campaign campaign, (string Template, int? Version) wording, DateTimeOffset? start, DateTimeOffset? expiresAt) => new()
    {
        ClientId = campaign.ClientId,
        Sandbox = campaign.Sandbox,
        To = [],
        Template = wording.Template,
        TemplateVersion = wording.Version,
        Channels = [.. campaign.Plan.Channels.SelectMany(ChannelNames.Expand).Distinct()],
        SendAt = start,
        ExpiresAt = expiresAt,
        Payload = new NotificationPayload { Data = campaign.Plan.Data },
    };
}
