using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

/// A category as callers see one.
public sealed record CategoryView(
    string Key, string Name, string Description, string Class, string[]? Channels, bool DefaultOptIn, string QuietHours, CategoryView.LimitView? Limit,
    int? ExpiresAfterSeconds, IReadOnlyDictionary<string, string> Names)
{
    /// So many for a person on push, on SMS or by mail in that time, filled evenly; what becomes of one too many: defer, drop or merge.
    public sealed record LimitView(int Count, int PerSeconds, string Policy);

    internal static CategoryView Of(Category row) => new(
        row.Key, row.Name, row.Description, row.Class, row.Channels, row.DefaultOptIn, row.QuietHours,
        row.LimitCount is { } count && row.LimitPer is { } per && row.LimitPolicy is { } policy ? new LimitView(count, (int)per.TotalSeconds, policy) : null,
        (int?)row.ExpiresAfter?.TotalSeconds, row.Translations);
}
