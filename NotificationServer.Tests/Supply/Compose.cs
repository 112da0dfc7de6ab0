using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace NotificationServer.Tests.Supply;

/// docker-compose.yml as an engine reads it: anchors and merges resolved, variables at their defaults.
internal static partial class Compose
{
    public static JsonObject Read()
    {
        using var text = new StringReader(Source.Read("docker-compose.yml"));
        var stream = new YamlStream();
        stream.Load(text);
        return Plain(stream.Documents[0].RootNode)!.AsObject(); // a document has one
    }

    public static IEnumerable<(string Name, JsonObject Service)> Services() => Read()["services"]!.AsObject().Select(one => (one.Key, one.Value!.AsObject()));

    public static JsonObject Service(string name) => Services().Single(one => one.Name == name).Service;

    public static IReadOnlyDictionary<string, string> Environment(JsonObject service) =>
        service["environment"]?.AsObject().ToDictionary(one => one.Key, one => one.Value!.GetValue<string>()) ?? [];

    public static IReadOnlyList<string> List(JsonNode? node) => node switch
    {
        null => [],
        JsonArray many => [.. many.Select(one => one!.GetValue<string>())],
        JsonObject named => [.. named.Select(one => one.Key)],
        _ => [node.GetValue<string>()],
    };

    private static JsonNode? Plain(YamlNode node) => node switch
    {
        YamlScalarNode scalar => JsonValue.Create(Default().Replace(scalar.Value ?? "", found => found.Groups["default"].Value)),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(Plain)]),
        YamlMappingNode mapping => Merged(mapping),
        _ => throw new NotSupportedException(node.NodeType.ToString()),
    };

    // What is said here wins over what is merged in.
    private static JsonObject Merged(YamlMappingNode mapping)
    {
        var merged = new JsonObject();
        foreach (var (_, value) in mapping.Where(one => IsMerge(one.Key)))
            foreach (var (name, inherited) in Merged((YamlMappingNode)value)) merged[name] = inherited?.DeepClone();
        foreach (var (key, value) in mapping.Where(one => !IsMerge(one.Key))) merged[((YamlScalarNode)key).Value!] = Plain(value); // keys are words
        return merged;
    }

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<" };

    [GeneratedRegex(@"\$\{\w+:-(?<default>[^}]*)\}")]
    private static partial Regex Default();
}
