using NotificationServer.Channels.Accounts;

namespace NotificationServer.Channels;

/// One account at a vendor: its own credentials, its own connector, its own health. Its key is what attempts and messages store.
internal sealed record ProviderAccount(string Key, string Vendor)
{
    /// Comes after every account that a person has given a place.
    public const int LastOrder = 1_000_000;

    /// The kinds of channel that it serves.
    public required IReadOnlyList<Channel> Channels { get; init; }
    /// Countries; empty: everywhere.
    public IReadOnlyList<string> Markets { get; init; } = [];
    /// Bundle ids or packages; empty: all.
    public IReadOnlyList<string> Apps { get; init; } = [];
    /// The lowest is asked first; those of one order share by weight.
    public int Order { get; init; } = LastOrder;
    public int Weight { get; init; } = 1;
    public AccountLimits Limits { get; init; } = AccountLimits.None;
    public bool Enabled { get; init; } = true;
    /// It stands in the server's configuration, where people here cannot change it.
    public bool IsConfigured { get; init; }
    /// Null: it cannot be used on this node, and <see cref="Problem"/> says why.
    public VendorOptions? Settings { get; init; }
    public Connection? Connection { get; init; }
    public string? Problem { get; init; }
    /// As stored; of a configured account, null.
    public StoredAccount? Row { get; init; }
    /// Two with the same have the same connector.
    public string? Wiring { get; init; }

    public IProvider? Provider => Connection?.Provider;

    public bool IsUsable => Enabled && Connection is not null;

    public bool Carries(Channel channel, string? pushProvider) =>
        Channels.Contains(channel) && Connection is { } connection && connection.Provider.Carries(channel, pushProvider);

    /// A message of unknown country goes only where country does not matter.
    public bool ServesMarket(string? country) => Markets.Count == 0 || (country is not null && Markets.Contains(country));

    /// One without an app id is for the account's own app.
    public bool ServesApp(string? app) => Apps.Count == 0 || app is null || Apps.Contains(app);
}

/// How much the account may be called; null: no limit.
internal sealed record AccountLimits(int? RatePerSecond, int? DailyCap, WarmUp? WarmUp)
{
    public static readonly AccountLimits None = new(null, null, null);

    /// Calls on one day: what the cap and the warm-up leave of them.
    public long? MostOn(DateOnly day) => WarmUp is not { } plan ? DailyCap
        : Math.Min(DailyCap ?? long.MaxValue, (long)Math.Min(1e15, Math.Floor(plan.FirstDay * Math.Pow(plan.Growth, Math.Max(0, day.DayNumber - plan.From.DayNumber)))));
}

/// A new sender earns its name: so many on the first day, each day Growth times the day before, until the daily cap.
internal sealed record WarmUp(DateOnly From, int FirstDay, double Growth);
