using NotificationServer.Admin.Ui;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Monitor;

/// A campaign that goes out at this moment, or would if nobody held it.
internal sealed record RunningCampaign
{
    public required Guid CampaignId { get; init; }
    public required string Name { get; init; }
    public required string Phase { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public string? PauseReason { get; init; }
    public required int Audience { get; init; }
    public required int Expanded { get; init; }
    public required int Withdrawn { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? DecideAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    public string Href => $"/admin/campaigns/{PrefixedId.Format("cmp", CampaignId)}";

    public string Status => PausedAt is null ? "running" : "paused";

    /// People of whom is known what becomes of them.
    public int Done => Expanded + Withdrawn;

    public string Progress => Phase == "gathering"
        ? $"{Words.Number(Audience)} {Words.Plural(Audience, "person", "people")} found so far"
        : $"{Words.Number(Done)} of {Words.Number(Audience)} {Words.Plural(Audience, "person", "people")}";

    /// What it does now, or why it does nothing.
    public string Doing => (PausedAt, Phase) switch
    {
        (not null, _) => $"held: {(PauseReason is { Length: > 0 } reason ? reason.TrimEnd('.') : "nobody said why")}",
        (_, "gathering") => "finds out who is meant",
        (_, "deciding") => "waits for what the test says",
        (_, "verifying") => "counts again what was done",
        _ => Done == 0 ? "waits for its time" : "goes out",
    };
}
