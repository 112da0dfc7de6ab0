using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotificationServer.Tests.Channels;

/// A captured request of a vendor's own SDK, and what the vendor's side answered.
internal sealed class Vector
{
    private readonly JsonNode root;

    private Vector(JsonNode root) => this.root = root;

    public static Vector Load(string name) => new(Read(name));

    public static JsonNode Read(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", name + ".json")))!;

    public string Input(string name) => root["inputs"]![name]!.GetValue<string>();
    public JsonNode Inputs => root["inputs"]!;

    public Exchange this[int index] => new(root["requests"]![index]!);

    internal sealed class Exchange(JsonNode request)
    {
        public string Method => request["method"]!.GetValue<string>();
        public string Path => request["path"]!.GetValue<string>();
        public JsonNode Json => request["bodyJson"]!;
        public IReadOnlyDictionary<string, string> Headers { get; } = request["headers"]!.AsArray()
            .ToDictionary(pair => pair![0]!.GetValue<string>().ToLowerInvariant(), pair => pair![1]!.GetValue<string>());
        public IReadOnlyDictionary<string, string> Form => request["bodyForm"]!.AsArray()
            .ToDictionary(pair => pair![0]!.GetValue<string>(), pair => pair![1]!.GetValue<string>());

        public VendorAnswer Answer
        {
            get
            {
                var reply = request["mockResponse"]!;
                return new VendorAnswer(
                    reply["status"]!.GetValue<int>(),
                    reply["body"]!.GetValue<string>(),
                    reply["headers"]!.AsObject().ToDictionary(h => h.Key, h => h.Value!.GetValue<string>()));
            }
        }
    }

    /// The rows of a vendor's error table: what it answers, and the class that the fact sheet gives it. Where a code may come with
    /// several statuses (`4xx`), the first of them stands for all.
    public static IEnumerable<ErrorRow> ErrorTable(string name) => AllRows(name)
        .Where(row => row.Status.ValueKind == JsonValueKind.Number || row.Status.GetString() is "4xx" or "5xx" or "4xx/5xx");

    /// Those without a status of HTTP too.
    public static IReadOnlyList<ErrorRow> AllRows(string name) =>
        Read("error-tables")["tables"]![name]!["rows"].Deserialize<ErrorRow[]>(JsonSerializerOptions.Web)!;

    internal sealed record ErrorRow(JsonElement Status, JsonElement Code, string Class, string Note)
    {
        public int Http => Status.ValueKind == JsonValueKind.Number ? Status.GetInt32() : (Status.GetString()![0] - '0') * 100; // a text
        public override string ToString() => $"{Status} {Code}";
    }
}
