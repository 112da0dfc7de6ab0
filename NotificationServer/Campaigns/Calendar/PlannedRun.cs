using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns.Calendar;

/// One campaign at one moment: planned, on its way, or over.
internal sealed record PlannedRun(Guid CampaignId, string Name, CampaignStatus Status, DateTimeOffset At)
{
    /// It began: At is when it was meant to.
    public bool HasBegun { get; init; }
    /// It goes to the inbox only.
    public bool Sandbox { get; init; }
    /// At is when its hour first strikes; elsewhere it does so later.
    public bool IsLocal { get; init; }
    /// Keys of the categories that its words are of.
    public IReadOnlyList<string> Categories { get; init; } = [];
    /// email, sms, push: those that it may go out on.
    public IReadOnlyList<string> Families { get; init; } = [];
    public Audience Audience { get; init; } = new();
    /// False: people get it however often they were told something.
    public bool RespectsLimits { get; init; } = true;
}

/// How often people may be told something of a category, on each kind of channel.
internal sealed record CategoryLimit(string Key, string Name, int Count, TimeSpan Per, string Policy);

/// Where too much is planned. Run: one too many for people who are in the audiences of all of these.
internal sealed record Collision(CategoryLimit Limit, PlannedRun Run, IReadOnlyList<PlannedRun> Before)
{
    /// In all of these audiences; null: it was not found out, or they are the same.
    public long? People { get; init; }
}
