using System.Text;
using System.Text.Json;

namespace NotificationServer.Templates.Schemas;

/// What is wrong with a notification's data: where in it, a code, and words that tell nothing of the data itself.
internal readonly record struct DataFault(string Pointer, string Code, string Message);

/// What the data of a template must look like: JSON Schema, draft 2020-12, of which the keywords are offered that describe data.
/// A schema with any other keyword is refused, since one that is quietly not checked is worse than none. Compiled once per version.
internal sealed class DataSchema
{
    public const string Draft = "https://json-schema.org/draft/2020-12/schema";
    public const int MaxBytes = 16 * 1024;
    public const int MaxDepth = 16;

    private static readonly JsonElement NoData = JsonElement.Parse("{}");
    private readonly SchemaNode root;

    private DataSchema(SchemaNode root) => this.root = root;

    /// Null if there is none, or if it was refused; why is then in <paramref name="errors"/>.
    public static DataSchema? From(JsonElement? schema, string pointer, List<TemplateError> errors)
    {
        if (schema is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } source) return null;
        if (Encoding.UTF8.GetByteCount(source.GetRawText()) > MaxBytes)
        {
            errors.Add(new TemplateError(pointer, "too_large", $"a schema is at most {MaxBytes / 1024} KiB"));
            return null;
        }
        var reader = new SchemaReader(source, pointer, errors);
        return reader.Read() is { } root ? new DataSchema(root) : null;
    }

    /// No data is the same as an empty object. The first faults, not all: the data may be large.
    public IReadOnlyList<DataFault> Check(JsonElement? data) =>
        new SchemaCheck().Run(root, data is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? given : NoData);
}
