using System.Text.Json;

namespace NotificationServer.Campaigns.Reports;

/// A run and its counts as one statement read them.
internal sealed record RunRow
{
    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required DateTimeOffset Occurrence { get; init; }
    public required string Plan { get; init; }
    public required string Phase { get; init; }
    public string? Outcome { get; init; }
    public string? Ending { get; init; }
    public string? Problem { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public string? PausedBy { get; init; }
    public string? PauseReason { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? DecideAt { get; init; }
    public required DateTimeOffset NextAt { get; init; }
    public int? Throttle { get; init; }
    public short? Winner { get; init; }
    public required int Audience { get; init; }
    public required int Expanded { get; init; }
    public required int Addressed { get; init; }
    public required string Excluded { get; init; }
    public required int Withdrawn { get; init; }
    public required int Messages { get; init; }
    /// [{"c": channel, "t": template, "v": version, "p": provider, "m": metric, "n": count}, ...]
    public string? Counts { get; init; }
    /// {locale: {metric: count, ...}, ...}
    public string? Locales { get; init; }

    private static readonly string[] LifeOrder = ["queued", "sent", "delivered", "bounced", "failed", "suppressed", "expired", "cancelled"];

    /// What a provider took, whatever became of it since; and what came into being. Everything else that is no status is engagement.
    internal const string Taken = "taken", Accepted = "accepted";

    private readonly record struct Count(string Channel, string Template, int Version, string Provider, string Metric, long Value);

    public CampaignFigures ToFigures()
    {
        var counts = ReadCounts();
        var totals = counts.GroupBy(count => count.Metric).ToDictionary(group => group.Key, group => group.Sum(count => count.Value), StringComparer.Ordinal);
        return new CampaignFigures
        {
            RunId = Id, CampaignId = CampaignId, At = Now, Occurrence = Occurrence, Phase = Phase, Outcome = Outcome, Ending = Ending, Problem = Problem, PausedAt = PausedAt,
            PausedBy = PausedBy, PauseReason = PauseReason, StartedAt = StartedAt, EndedAt = EndedAt, ExpiresAt = ExpiresAt, DecideAt = DecideAt, NextAt = NextAt,
            Throttle = Throttle, Winner = Winner, Audience = Audience, Expanded = Expanded, Addressed = Addressed, Withdrawn = Withdrawn, Messages = Messages,
            Plan = Plans.CampaignPlan.FromJson(Plan),
            Excluded = JsonSerializer.Deserialize<Dictionary<string, int>>(Excluded) ?? [],
            Statuses = LifeOrder.Where(totals.ContainsKey).ToDictionary(status => status, status => totals[status], StringComparer.Ordinal),
            Engagement = totals.Where(pair => pair.Key is not (Taken or Accepted) && !LifeOrder.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal),
            Taken = totals.GetValueOrDefault(Taken),
            Parts = [.. counts.GroupBy(count => (count.Channel, count.Template, count.Version, count.Provider)).Select(part => new FigurePart(
                part.Key.Channel, part.Key.Template, part.Key.Version, part.Key.Provider,
                part.ToDictionary(count => count.Metric, count => count.Value, StringComparer.Ordinal)))],
            Locales = [.. ReadLocales().OrderByDescending(locale => locale.Of(Accepted)).ThenBy(locale => locale.Locale, StringComparer.Ordinal)],
        };
    }

    private IEnumerable<FigureLocale> ReadLocales() =>
        Locales is null ? [] : JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, long>>>(Locales)?.Select(pair => new FigureLocale(pair.Key, pair.Value)) ?? [];

    private List<Count> ReadCounts()
    {
        if (Counts is null) return [];
        using var read = JsonDocument.Parse(Counts);
        return [.. read.RootElement.EnumerateArray().Select(one => new Count(
            one.GetProperty("c").GetString() ?? "", one.GetProperty("t").GetString() ?? "", one.GetProperty("v").GetInt32(),
            one.GetProperty("p").GetString() ?? "", one.GetProperty("m").GetString() ?? "", one.GetProperty("n").GetInt64()))];
    }
}
