using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Campaigns.Reports;

/// How closely campaigns are reckoned up before they go, and how far their lists look afterwards.
internal sealed class ReportOptions
{
    public const string Section = "CampaignReports";

    /// So many people of an audience are put through the rules one by one.
    [Range(100, 20_000)]
    public int SampleSize { get; init; } = 5000;

    /// An audience that cannot be counted in this time is reckoned up from a part of all users.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan CountTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// The same estimate is given again for so long.
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan EstimateMaxAge { get; init; } = TimeSpan.FromSeconds(20);

    /// A page waits so long for an estimate; one that takes longer is put into it when it is there.
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan EstimatePatience { get; init; } = TimeSpan.FromSeconds(0.15);

    /// Messages a second of an account that nothing limits and of which nothing was measured.
    [Range(1, 100_000)]
    public int AssumedRatePerSecond { get; init; } = 200;

    /// So many messages of a run are looked through for one page of its recipients.
    [Range(1000, 1_000_000)]
    public int LooksAt { get; init; } = 50_000;
}
