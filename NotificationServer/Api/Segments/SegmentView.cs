using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Campaigns.Segments;

namespace NotificationServer.Api.Segments;

public sealed record SegmentView(
    string Id, string Name, string Description,
    [property: Description("rules: evaluated whenever somebody is meant by it; list: named one by one, see PUT .../members")] string Kind,
    JsonElement? Rules,
    [property: Description("People, when somebody last looked: see :estimate")] long? EstimatedSize, DateTimeOffset? EstimatedAt,
    bool Archived, int Version, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset UpdatedAt, string UpdatedBy,
    [property: Description("In the answer to a change, where it sent any back: campaigns that had been submitted or agreed to, and which a second person is asked about again")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    int? CampaignsSentBack = null)
{
    internal static SegmentView Of(Segment segment) => new(
        SegmentId.Format(segment.Id), segment.Name, segment.Description, segment.Kind, segment.Tree, segment.EstimatedSize, segment.EstimatedAt,
        segment.ArchivedAt is not null, segment.Revision, segment.CreatedAt, segment.CreatedBy, segment.UpdatedAt, segment.UpdatedBy);
}
