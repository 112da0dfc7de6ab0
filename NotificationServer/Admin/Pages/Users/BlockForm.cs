using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Users;

/// What the forms that block somebody ask for: why, and until the end of which day.
internal static class BlockForm
{
    private const int MaxReason = 500;
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    public static DateTimeOffset? EndOf(DateOnly? day) => day is { } last ? new DateTimeOffset(last.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null;

    /// Null: it can be done.
    public static string? Problem(string? reason, DateTimeOffset? end, DateTimeOffset now) =>
        !OneLine.Is(reason, MaxReason) ? "say why, on one line." : end is { } until && (until <= now || until > now + Furthest) ? "choose a day from today to a year ahead." : null;
}
