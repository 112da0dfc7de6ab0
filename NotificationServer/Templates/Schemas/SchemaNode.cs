using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Schemas;

[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
}

/// One schema, read once: what is null or empty was not said. A reference is a node that several others share.
internal sealed record SchemaNode
{
    /// `true` and `false` are schemas too.
    public bool Never { get; init; }
    public JsonTypes Types { get; init; }
    public IReadOnlyList<JsonElement>? Enum { get; init; }
    public SchemaNode? Reference { get; init; }
    public IReadOnlyList<SchemaNode> AllOf { get; init; } = [];
    public IReadOnlyList<SchemaNode> AnyOf { get; init; } = [];
    public IReadOnlyList<SchemaNode> OneOf { get; init; } = [];
    public SchemaNode? Not { get; init; }

    public decimal? Minimum { get; init; }
    public decimal? Maximum { get; init; }
    public decimal? Above { get; init; }
    public decimal? Below { get; init; }
    public decimal? MultipleOf { get; init; }

    public int? MinLength { get; init; }
    public int? MaxLength { get; init; }
    public Regex? Pattern { get; init; }
    public string? Format { get; init; }

    public SchemaNode? Items { get; init; }
    public int? MinItems { get; init; }
    public int? MaxItems { get; init; }
    public bool UniqueItems { get; init; }

    public IReadOnlyDictionary<string, SchemaNode> Properties { get; init; } = new Dictionary<string, SchemaNode>();
    public IReadOnlyList<string> Required { get; init; } = [];
    public SchemaNode? AdditionalProperties { get; init; }
    public int? MinProperties { get; init; }
    public int? MaxProperties { get; init; }
}
