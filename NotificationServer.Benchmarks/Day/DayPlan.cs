namespace NotificationServer.Benchmarks.Day;

/// A day of 16 million in so many minutes, at so many messages a second on average. Time and amount are compressed apart: what a second of the day
/// brings is never less than in the real day (185 on average).
internal sealed record DayPlan(TimeSpan Length, int PerSecond)
{
    private const string Usage = """
        Usage: ./bench day [--minutes 6] [--per-second 400] [--json FILE]

        Plays a day of 16 million in so many minutes, at so many messages a second on average, with two campaigns and an outage: docs/scaling.md.
        """;

    public const int RealDay = 16_000_000;
    public const int Hours = 24;

    /// Of all messages, those of the two campaigns.
    public const double PushCampaign = 0.20;
    public const double MailCampaign = 0.10;
    public const int PushCampaignAt = 10;
    public const int MailCampaignAt = 18;

    /// The provider of mails is down for an hour and a half, when there is most to send but in the evening.
    public const double OutageFrom = 13;
    public const double OutageTo = 14.5;

    /// Of what services send, hour by hour: a trough at night, a peak in the morning and one in the evening.
    private static readonly double[] Curve =
        [0.35, 0.25, 0.20, 0.18, 0.20, 0.35, 0.65, 1.05, 1.40, 1.60, 1.50, 1.35, 1.30, 1.25, 1.20, 1.15, 1.20, 1.40, 1.65, 1.75, 1.60, 1.20, 0.80, 0.50];

    public string? File { get; init; }
    public int Messages => (int)(Length.TotalSeconds * PerSecond);
    public TimeSpan Hour => Length / Hours;
    public double TimesFaster => TimeSpan.FromDays(1) / Length;
    public double Share => (double)Messages / RealDay;
    public int Steady => (int)(Messages * (1 - PushCampaign - MailCampaign));
    public int PushCampaignSize => (int)(Messages * PushCampaign);
    public int MailCampaignSize => (int)(Messages * MailCampaign);

    public static DayPlan Parse(IReadOnlyList<string> words)
    {
        var line = new CommandLine(words, Usage, [], ["--minutes", "--per-second", "--json"]);
        return new DayPlan(line.Minutes("--minutes", 6), line.Number("--per-second", 400)) { File = line.Value("--json") };
    }

    /// When the n-th of what services send is due, counted from midnight.
    public TimeSpan Due(int number)
    {
        var (rest, whole) = (number / (double)Steady * Curve.Sum(), 0);
        while (whole < Hours - 1 && rest >= Curve[whole]) rest -= Curve[whole++];
        return Hour * (whole + Math.Min(1, rest / Curve[whole]));
    }
}
