using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Campaigns.Runs;

/// How runs of campaigns are worked on.
internal sealed class RunOptions
{
    public const string Section = "CampaignRuns";

    /// People whose messages share a commit. What a step does is lost if its node dies within it, and done again.
    [Range(1, 5000)]
    public int BatchSize { get; init; } = 1000;

    /// The same while single notifications come in at this node.
    [Range(1, 5000)]
    public int BatchSizeBesidePosts { get; init; } = 200;

    /// Batches that this node makes side by side.
    [Range(1, 16)]
    public int Writers { get; init; } = 2;

    /// While single notifications come in at this node: how long its one writer rests after a batch, in times of what the batch took.
    [Range(0d, 100d)]
    public double RestPerWork { get; init; } = 2;

    /// People who are looked at in a step while it is written down who is meant; also the most that a part has.
    [Range(10, 50_000)]
    public int SliceSize { get; init; } = 10_000;

    /// A step of that which takes longer is taken back, and half as many people are looked at in the next: below the command timeout of the
    /// database.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:30")]
    public TimeSpan SliceTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// How often this node looks for something to do when there was nothing, +- 30 %.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(0.5);

    /// How often a run is looked after while nothing has to be done for it: its time, its failures, its end.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan Tend { get; init; } = TimeSpan.FromSeconds(1);

    /// Answers that there must be before their failures stop a campaign: of three, one says nothing.
    [Range(1, 1_000_000)]
    public int FailuresCountFrom { get; init; } = 100;
}
