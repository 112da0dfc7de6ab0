namespace NotificationServer.Recipients;

/// What is known of a person at the moment of a decision.
internal sealed class Person
{
    public required string Id { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Locale { get; init; }
    public string? TimeZone { get; init; }
    public string? Country { get; init; }
    public bool Blocked { get; init; }
    /// There is such a user; somebody may be blocked who is none.
    public bool IsKnown { get; init; }
    /// Minutes of the day.
    public int? QuietFrom { get; init; }
    public int? QuietTo { get; init; }
    public string? QuietZone { get; init; }
    public QuietHours? Quiet => QuietFrom is { } from && QuietTo is { } to
        ? new QuietHours(TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(from)), TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(to)), QuietZone)
        : null;
    public List<ReachableDevice> Devices { get; } = [];
    public List<Wish> Wishes { get; } = [];
}

internal sealed record ReachableDevice(string Id, string Platform, string PushProvider, string Token, string? AppId, string? Locale, string? TimeZone);

/// Channel is a family or one channel; category "" is every category.
internal sealed record Wish(string Channel, string Category, bool OptIn, Guid? ConsentId = null);

/// Whom a caller names: a user of ours, or a bare address.
internal sealed record RecipientReference(string? UserId, string? Email, string? Phone, string? Locale, string? TimeZone = null);

/// Everything that a decision about a batch of recipients needs, read at one moment. A suppression of one category has `channel/category`
/// for its channel, one of all marketing `channel/class:marketing`.
internal sealed record KnownRecipients(
    DateTimeOffset Now, IReadOnlyDictionary<string, Person> People, IReadOnlySet<(string Channel, string Address)> Suppressed)
{
    private static readonly Dictionary<string, Profile> None = [];

    /// Of those whom the words speak of, and of nobody else.
    public IReadOnlyDictionary<string, Profile> Profiles { get; init; } = None;
}

/// What words may tell of a person; attributes are a JSON object.
internal sealed record Profile(string Id, string? Locale, string? TimeZone, string? Country, string Attributes);
