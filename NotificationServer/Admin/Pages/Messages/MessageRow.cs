using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Messages;

/// A message in a list.
internal sealed record MessageRow
{
    public required Guid Id { get; init; }
    public required Guid NotificationId { get; init; }
    public string? UserId { get; init; }
    public string? Address { get; init; }
    public required string Channel { get; init; }
    public required short Lane { get; init; }
    /// As a status, but for what is live: ready, scheduled, retrying, processing.
    public required string State { get; init; }
    public string? Reason { get; init; }
    public string? Provider { get; init; }
    public string? Template { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    /// When it is due, or failed: what its list is ordered by, where that is not its age.
    public DateTimeOffset? At { get; init; }
    public long? Position { get; init; }

    public string PublicId => PrefixedId.Format("msg", Id);
}
