using System.Text.Json;

namespace NotificationServer.Templates;

/// The `data` of a push: a JSON object handed to the app, whose texts may be templates.
internal sealed class PushData
{
    private const int MaxTexts = 100;

    private readonly JsonElement source;
    private readonly Dictionary<string, CompiledText> texts = new(StringComparer.Ordinal);

    private readonly IReadOnlyDictionary<string, string>? partials;

    private PushData(JsonElement source, IReadOnlyDictionary<string, string>? partials) => (this.source, this.partials) = (source, partials);

    public IEnumerable<CompiledText> Texts => texts.Values;

    public static PushData? From(
        JsonElement? source, string pointer, IReadOnlyDictionary<string, string>? partials, List<TemplateError> errors)
    {
        if (source is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new TemplateError(pointer, "not_an_object", "data is a JSON object"));
            return null;
        }
        var data = new PushData(value.Clone(), partials);
        data.Compile(value, pointer, errors);
        return data;
    }

    public JsonElement? Render(object? values, RenderBudget budget, Speech speech, out string? problem)
    {
        problem = null;
        if (texts.Count == 0) return source;

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) Write(source, json, values, budget, speech, ref problem);
        if (problem is null && buffer.Length > TextRule.PushData.MaxBytes) problem = $"is longer than {TextRule.PushData.MaxBytes} bytes";
        if (problem is not null) return null;

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    private void Compile(JsonElement value, string pointer, List<TemplateError> errors)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var property in value.EnumerateObject())
                Compile(property.Value, $"{pointer}/{property.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", errors);
        else if (value.ValueKind == JsonValueKind.Array)
            foreach (var (index, item) in value.EnumerateArray().Index()) Compile(item, $"{pointer}/{index}", errors);
        else if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Contains("{{", StringComparison.Ordinal))
            Compile(text, pointer, errors);
    }

    private void Compile(string text, string pointer, List<TemplateError> errors)
    {
        if (texts.Count == MaxTexts) errors.Add(new TemplateError(pointer, "too_many_tags", $"more than {MaxTexts} texts with tags"));
        else if (!texts.ContainsKey(text) && CompiledText.From(text, TextRule.PushData, pointer, partials, errors) is { } compiled) texts.Add(text, compiled);
    }

    private void Write(JsonElement value, Utf8JsonWriter json, object? values, RenderBudget budget, Speech speech, ref string? problem)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    Write(property.Value, json, values, budget, speech, ref problem);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(item, json, values, budget, speech, ref problem);
                json.WriteEndArray();
                break;
            case JsonValueKind.String when texts.TryGetValue(value.GetString() ?? "", out var text):
                var rendered = text.Render(values, budget, speech, out var trouble);
                problem ??= trouble;
                json.WriteStringValue(rendered ?? "");
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
