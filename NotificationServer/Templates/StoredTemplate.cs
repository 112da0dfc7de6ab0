using System.Text.Json;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Templates;

internal sealed record StoredTemplate
{
    public required string Key { get; init; }
    public required string Name { get; init; }
    public string? Category { get; init; }
    /// Of its category.
    public string? Class { get; init; }
    /// Null: nothing was published yet; notifications cannot name it.
    public int? Published { get; init; }
    public required int Latest { get; init; }
    /// Raised by every change.
    public required int Revision { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string? UpdatedBy { get; init; }
    /// New notifications cannot name it; what was accepted before is still said.
    public DateTimeOffset? ArchivedAt { get; init; }
    public bool? TrackOpens { get; init; }
    public bool? TrackClicks { get; init; }

    public TrackingSwitch Tracking => new(TrackOpens, TrackClicks);
    public bool IsArchived => ArchivedAt is not null;
}

internal sealed record StoredVersion(string Key, int Version, bool Published, TemplateParts Parts, DateTimeOffset CreatedAt, string CreatedBy)
{
    public PartialSnapshot Partials { get; init; } = PartialSnapshot.Empty;
    public JsonElement? VariablesSchema { get; init; }
    public JsonElement? SampleData { get; init; }
    /// The older version that it is equal to.
    public int? RestoredFrom { get; init; }

    public VersionSource Source => new(Parts, VariablesSchema, SampleData);
}
