using NotificationServer.Recipients;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Api.Suppressions;

/// A suppressed address as callers see one: masked, unless they named it themselves or may see it. Without a category everything is kept from it.
public sealed record SuppressionView(
    string Address, string Channel, string? Category, string Reason, string? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    internal static SuppressionView Of(Suppression row, bool revealed) => new(
        revealed ? row.Address : Masked.Any(row.Address), row.Channel, row.Category.Length == 0 ? null : row.Category, row.Reason, row.CreatedBy,
        row.CreatedAt, row.ExpiresAt);
}
