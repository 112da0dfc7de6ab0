using NotificationServer.Campaigns.Segments;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Campaigns.Plans;

/// A plan that was looked at. Pinned: with the versions of its templates that are published now written into it.
internal sealed record CheckedPlan(CampaignPlan Pinned, IReadOnlyList<PlanError> Errors);

/// What is wrong with a plan.
internal sealed class PlanRules(Preparation preparation, Audiences audiences, TimeProvider clock)
{
    /// Keeps it from being stored: what no draft may say.
    public static IReadOnlyList<PlanError> Check(CampaignPlan plan) => PlanShape.Check(plan);

    /// Keeps it from being submitted: what is missing, is unknown, does not fit, or is over. All of it at once.
    public async Task<IReadOnlyList<PlanError>> CheckReadyAsync(CampaignPlan plan, CancellationToken ct) => (await CheckAsync(plan, ct)).Errors;

    public async Task<CheckedPlan> CheckAsync(CampaignPlan plan, CancellationToken ct)
    {
        List<PlanError> errors = [.. Check(plan), .. PlanTimes.Check(plan, clock.GetUtcNow())];
        var pinned = plan.AbTest is { } test ? await CheckTestAsync(plan, test, errors, ct) : await CheckWordsAsync(plan, errors, ct);
        foreach (var both in plan.Audience.SegmentIds.Intersect(plan.Audience.ExcludeSegmentIds))
            errors.Add(new($"/audience/exclude_segment_ids/{plan.Audience.ExcludeSegmentIds.ToList().IndexOf(both)}", "in_both", "The same segment is included and excluded"));
        errors.AddRange((await audiences.OfAsync(plan.Audience, ct)).Errors);
        return new CheckedPlan(pinned, [.. errors.DistinctBy(error => (error.Pointer, error.Code))]);
    }

    private async Task<CampaignPlan> CheckWordsAsync(CampaignPlan plan, List<PlanError> errors, CancellationToken ct)
    {
        var words = await WordsAsync(plan, plan.Template, plan.TemplateVersion, "/template", errors, ct);
        return words is null ? plan : plan with { TemplateVersion = words.TemplateVersion };
    }

    private async Task<CampaignPlan> CheckTestAsync(CampaignPlan plan, AbTest test, List<PlanError> errors, CancellationToken ct)
    {
        if (test.Variants.Count < 2) errors.Add(new("/ab_test/variants", "too_few", "A test compares 2 to 4 variants"));
        if (plan.Schedule.Kind == ScheduleKind.Local)
            errors.Add(new("/ab_test", "not_with_local", "With the same local hour for everyone there is no one moment to choose a winner: test it at one time, or send it untested"));

        var variants = test.Variants.ToArray();
        var categories = new HashSet<string>();
        for (var i = 0; i < variants.Length; i++)
        {
            var (key, version) = variants[i].Template is { } own ? (own, variants[i].TemplateVersion) : (plan.Template, variants[i].TemplateVersion ?? plan.TemplateVersion);
            if (await WordsAsync(plan, key, version, $"/ab_test/variants/{i}/template", errors, ct) is not { } words) continue;
            variants[i] = variants[i] with { Template = key, TemplateVersion = words.TemplateVersion };
            categories.Add(words.Category.Key);
            if (!Measures(test.Metric, words.Channels))
                errors.Add(new("/ab_test/metric", "not_measured", test.Metric == TestMetric.Opened
                    ? "Only mails tell that they were opened" : "Only mails and texts tell that a link in them was followed"));
        }
        if (categories.Count > 1) errors.Add(new("/ab_test/variants", "different_categories", "What is compared must be of one category, or other people would be reached"));
        return plan with { AbTest = test with { Variants = variants } };
    }

    private static bool Measures(TestMetric metric, IReadOnlyList<Channel> channels) => metric switch
    {
        TestMetric.Opened => channels.Contains(Channel.Email),
        TestMetric.Clicked => channels.Contains(Channel.Email) || channels.Contains(Channel.Sms),
    };

    /// The same look at a template that a notification with it would get.
    private async Task<PreparedRequest?> WordsAsync(CampaignPlan plan, string? template, int? version, string pointer, List<PlanError> errors, CancellationToken ct)
    {
        if (template is null)
        {
            errors.Add(new(pointer, "required", "Say what is sent: the key of a template"));
            return null;
        }
        var (prepared, faults) = await preparation.PrepareAsync(new NotificationRequest
        {
            ClientId = Guid.Empty,
            To = [],
            Template = template,
            TemplateVersion = version,
            Channels = [.. plan.Channels.SelectMany(ChannelNames.Expand).Distinct()],
            Payload = new NotificationPayload { Data = plan.Data },
        }, ct);
        errors.AddRange(faults.Select(fault => new PlanError(
            fault.Pointer is "/template" or "/content" or "/category" ? pointer : fault.Pointer, fault.Code, fault.Message)));
        if (prepared is null) return null;

        if (prepared.Category.Key.Length == 0)
            errors.Add(new(pointer, "no_category", "The template has no category: give it one, which says what people may opt out of"));
        else if (prepared.Category.Class == MessageClass.Critical)
            errors.Add(new(pointer, "critical_category", "What is critical goes to one person at a time, and in spite of opt-outs: no campaign can say it"));
        return prepared;
    }
}
