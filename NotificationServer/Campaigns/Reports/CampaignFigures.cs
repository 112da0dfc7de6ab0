using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns.Reports;

/// Where the books of a run stand, all read at one moment: that is why they add up.
internal sealed record CampaignFigures
{
    public required Guid RunId { get; init; }
    public required Guid CampaignId { get; init; }
    public required DateTimeOffset At { get; init; }
    /// When it was meant to begin.
    public required DateTimeOffset Occurrence { get; init; }
    /// gathering, sending, deciding, verifying, ended.
    public required string Phase { get; init; }
    /// completed, cancelled, expired, failed; null: it has not ended.
    public string? Outcome { get; init; }
    /// What it is about to end as, once what is under way is done.
    public string? Ending { get; init; }
    public string? Problem { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public string? PausedBy { get; init; }
    public string? PauseReason { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? DecideAt { get; init; }
    public DateTimeOffset NextAt { get; init; }
    public int? Throttle { get; init; }
    public short? Winner { get; init; }

    // The people: Audience = ToCome + Addressed + the sum of Excluded + Withdrawn, at every moment.
    public required int Audience { get; init; }
    public required int Expanded { get; init; }
    public required int Addressed { get; init; }
    public required IReadOnlyDictionary<string, int> Excluded { get; init; }
    public required int Withdrawn { get; init; }
    public int ToCome => Audience - Expanded - Withdrawn;

    // The messages: Messages = the sum over the statuses, at every moment.
    public required long Messages { get; init; }
    /// By status, in the order of a message's life. A status that nothing has is not in it.
    public required IReadOnlyDictionary<string, long> Statuses { get; init; }
    /// By what people did: opened_human, clicked_human, unsubscribed, ...
    public required IReadOnlyDictionary<string, long> Engagement { get; init; }
    /// What a provider took, whatever became of it since.
    public required long Taken { get; init; }
    public required IReadOnlyList<FigurePart> Parts { get; init; }
    /// The most messages first. Empty: it was before languages were counted.
    public IReadOnlyList<FigureLocale> Locales { get; init; } = [];
    /// As it was agreed to when it began.
    public CampaignPlan Plan { get; init; } = new();

    public long Of(string status) => Statuses.GetValueOrDefault(status);

    public long Did(string metric) => Engagement.GetValueOrDefault(metric);

    /// Messages that have come to their end, whichever.
    public long Done => Messages - Of("queued");

    public bool IsRunning => Outcome is null;

    /// Whose words they were, in a test; null: there was none.
    public Variant? VariantOf(FigurePart part) => Plan.AbTest?.Variants.FirstOrDefault(variant =>
        (variant.Template ?? Plan.Template) == part.Template && (variant.TemplateVersion is null || variant.TemplateVersion == part.TemplateVersion));

    public bool PeopleAddUp => Audience == ToCome + Addressed + Excluded.Values.Sum() + Withdrawn && ToCome >= 0;

    /// A run that had begun before languages were counted is counted in part, which says nothing.
    public bool LocalesAddUp => Locales.Sum(locale => locale.Of(RunRow.Accepted)) == Messages;

    public bool MessagesAddUp => Messages == Statuses.Values.Sum();
}

/// How the messages of one channel, template's version and provider did. Provider '': no provider was called (yet).
internal sealed record FigurePart(string Channel, string Template, int TemplateVersion, string Provider, IReadOnlyDictionary<string, long> Counts)
{
    public long Of(string metric) => Counts.GetValueOrDefault(metric);
}

/// How the messages of one language did. Locale: as the messages have it; '': none is known of those people.
internal sealed record FigureLocale(string Locale, IReadOnlyDictionary<string, long> Counts)
{
    public long Of(string metric) => Counts.GetValueOrDefault(metric);
}

/// What happened in one step of time, which begins At.
internal sealed record FigureMoment
{
    public required DateTimeOffset At { get; init; }
    public required string Metric { get; init; }
    public required long Count { get; init; }
}
