using System.Globalization;
using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Templates.Schemas;

namespace NotificationServer.Templates;

/// One version of a template, ready to speak. Thread-safe; a version never changes.
internal sealed class Template(string key, int version, string? category, Wording wording, TimeProvider clock, DataSchema? schema = null)
{
    private static readonly JsonElement NoData = JsonDocument.Parse("{}").RootElement;

    public string Key => key;
    public int Version => version;
    public string? Category => category;

    public Wording Wording => wording;

    /// What the data must look like; null: nobody said.
    public DataSchema? Schema => schema;

    public bool CanSay(ChannelFamily family) => wording.CanSay(family);

    /// The names that are always printed, in the order in which they are met: those inside #if, #each and #with are optional. Without
    /// those that the server knows itself.
    public IReadOnlyList<string> RequiredVariables(params ReadOnlySpan<ChannelFamily> families)
    {
        var names = new List<string>();
        foreach (var family in families)
            foreach (var name in wording.Required(family))
                if (!names.Contains(name) && IsGiven(name)) names.Add(name);
        return names;
    }

    /// Required names that the data lacks, has as null, or has as something that cannot be printed (an object or a list).
    public IReadOnlyList<string> Missing(ReadOnlySpan<ChannelFamily> families, JsonElement? data) =>
        [.. RequiredVariables(families).Where(name => !Prints(data, name))];

    /// Whether the words of this family have a personal link in them, which only the sender can make.
    public bool WantsLinks(ChannelFamily family) => wording.WantsLinks(family);

    /// Whether the words of this family speak of the person, so that the profile must be read.
    public bool WantsPerson(ChannelFamily family) => wording.WantsPerson(family);

    public RenderResult Render(ChannelFamily family, JsonElement? data, RenderSetting? setting = null)
    {
        var values = data is { ValueKind: JsonValueKind.Object } given ? given : NoData;
        foreach (var name in wording.For(family, setting?.Locale).Required(family))
        {
            if (PersonVariables.Contains(name) ? PersonValues.Prints(values, setting?.Person, name) : !IsGiven(name) || Prints(values, name)) continue;
            return IsGiven(name) ? RenderResult.Failed($"the data lacks '{name}'") : RenderResult.Lacking(name);
        }
        return wording.Render(family, values, clock, setting);
    }

    /// By the caller, with the data.
    private static bool IsGiven(string name) => !LinkVariables.Names.Contains(name) && !PersonVariables.Contains(name);

    internal static bool Prints(JsonElement? data, string path)
    {
        if (data is not { } value) return false;
        foreach (var name in path.Split('.'))
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member)) value = member;
            else if (value.ValueKind == JsonValueKind.Array && name == "length") return true;
            else if (value.ValueKind == JsonValueKind.Array && Item(value, name) is { } item) value = item;
            else return false;
        }
        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
    }

    private static JsonElement? Item(JsonElement list, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.GetArrayLength() ? list[index] : null;
}
