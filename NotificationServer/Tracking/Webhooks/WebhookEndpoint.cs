namespace NotificationServer.Tracking.Webhooks;

/// Whose endpoints: a client's, and of those the ones made with test keys apart from the others.
internal readonly record struct EndpointOwner(Guid ClientId, bool Sandbox, string Actor);

/// An endpoint as it is stored.
internal sealed record WebhookEndpoint
{
    public const string IdPrefix = "whe";

    public required Guid Id { get; init; }
    public required Guid ClientId { get; init; }
    public required bool Sandbox { get; init; }
    public required string Url { get; init; }
    public required string[] EventTypes { get; init; }
    public string? Description { get; init; }
    public required bool Enabled { get; init; }
    public required byte[] Secret { get; init; }
    public required string SecretKey { get; init; }
    public byte[]? FormerSecret { get; init; }
    public string? FormerKey { get; init; }
    /// Null: there is no former one, or its time is over.
    public DateTimeOffset? FormerUntil { get; init; }
    public DateTimeOffset? FailingSince { get; init; }
    public string? DisabledReason { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
