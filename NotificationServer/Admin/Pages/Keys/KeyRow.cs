using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.Keys;

/// A key as people see it: everything but its secret, which nobody has but its owner.
internal sealed record KeyRow
{
    public required string Id { get; init; }
    public required string Client { get; init; }
    public required string Name { get; init; }
    public required string[] Scopes { get; init; }
    public required bool Sandbox { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public int? RateLimit { get; init; }
    public required string[] Networks { get; init; }
    public string? ReplacedBy { get; init; }
    public required DateTimeOffset Now { get; init; }

    public string Shown => $"{(Sandbox ? "nsk_test_" : "nsk_live_")}{Id}";
    public bool IsExpired => ExpiresAt <= Now;
    public bool Works => RevokedAt is null && !IsExpired;
    public bool WasUsedLately => LastUsedAt > Now - TimeSpan.FromHours(1);

    public (string Tone, string Text) State => this switch
    {
        { RevokedAt: not null } => ("off", "Revoked"),
        { IsExpired: true } => ("off", "Expired"),
        { ReplacedBy: not null, ExpiresAt: { } end } => ("warn", $"Replaced, ends {Words.Ago(end, Now)}"),
        { ExpiresAt: { } end } when end < Now.AddDays(14) => ("warn", $"Ends {Words.Ago(end, Now)}"),
        _ => ("ok", "Works"),
    };

    public string LastUse => LastUsedAt is { } at ? $"It was last used {Words.Ago(at, Now)} by {Client}" : "It was never used";
}
