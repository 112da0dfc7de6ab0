using System.Text.Json;

namespace NotificationServer.Campaigns.Segments;

/// A part of the people we know: by rules, evaluated whenever it is asked for, or by name.
internal sealed record Segment
{
    public const string OfRules = "rules";
    public const string OfList = "list";

    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public required string Kind { get; init; }
    /// JSON; null: a list.
    public string? Rules { get; init; }
    /// When somebody last looked.
    public long? EstimatedSize { get; init; }
    public DateTimeOffset? EstimatedAt { get; init; }
    public required int Revision { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string UpdatedBy { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ArchivedAt { get; init; }

    public bool IsList => Kind == OfList;

    public JsonElement? Tree => Rules is null ? null : JsonElement.Parse(Rules);

    /// Whatever it is called.
    public bool MeansTheSameAs(Segment other) => (Tree, other.Tree) is ({ } one, { } another) ? JsonElement.DeepEquals(one, another) : Rules == other.Rules;

    /// For the audit log.
    public Dictionary<string, object?> Told() => new()
    {
        ["name"] = Name, ["description"] = Description, ["kind"] = Kind, ["rules"] = Tree, ["archived"] = ArchivedAt is not null,
    };
}

/// What somebody wants a segment to be. Rules: null for a list.
internal sealed record SegmentDraft(string Name, string Description, JsonElement? Rules)
{
    public string Kind => Rules is null ? Segment.OfList : Segment.OfRules;
}
