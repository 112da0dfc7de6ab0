namespace NotificationServer.Channels.Accounts;

/// A row of provider_accounts.
internal sealed record StoredAccount
{
    public required string Key { get; init; }
    public required string Vendor { get; init; }
    public required string[] Channels { get; init; }
    public required string[] Markets { get; init; }
    public required string[] Apps { get; init; }
    public required int Position { get; init; }
    public required int Weight { get; init; }
    public int? RatePerSecond { get; init; }
    public int? DailyCap { get; init; }
    public DateOnly? WarmUpFrom { get; init; }
    public int? WarmUpFirstDay { get; init; }
    public double? WarmUpGrowth { get; init; }
    public required bool Enabled { get; init; }
    /// A JSON object, names as the API has them.
    public required string Settings { get; init; }
    public byte[]? Secrets { get; init; }
    public string? SecretsKey { get; init; }
    public int Version { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public string UpdatedBy { get; init; } = "";

    public AccountLimits Limits => new(RatePerSecond, DailyCap,
        WarmUpFrom is { } from && WarmUpFirstDay is { } first && WarmUpGrowth is { } growth ? new WarmUp(from, first, growth) : null);

    /// For the audit log: everything but the secrets themselves.
    public Dictionary<string, object?> Told() => new()
    {
        ["vendor"] = Vendor,
        ["channels"] = Channels,
        ["markets"] = Markets,
        ["apps"] = Apps,
        ["order"] = Position,
        ["weight"] = Weight,
        ["rate_per_second"] = RatePerSecond,
        ["daily_cap"] = DailyCap,
        ["warm_up_from"] = WarmUpFrom,
        ["warm_up_first_day"] = WarmUpFirstDay,
        ["warm_up_growth"] = WarmUpGrowth,
        ["enabled"] = Enabled,
        ["settings"] = Settings,
        ["has_secrets"] = Secrets is not null,
    };
}
