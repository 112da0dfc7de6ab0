using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

/// A category as callers see one.
public sealed record CategoryView(string Key, string Name, string Class, int? ExpiresAfterSeconds)
{
    internal static CategoryView Of(Category row) => new(row.Key, row.Name, row.Class, (int?)row.ExpiresAfter?.TotalSeconds);
}
