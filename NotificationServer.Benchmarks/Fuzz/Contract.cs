using System.Text.Json;

namespace NotificationServer.Benchmarks.Fuzz;

/// The OpenAPI document as something to aim at: every operation, what it takes, and the schemas that its bodies are made of.
internal sealed class Contract
{
    /// These call somebody else's server: a vendor, a receiver of webhooks.
    private static readonly string[] Outward = ["/v1/providers/{account}:test", "/v1/webhook-endpoints/{id}:test"];

    private readonly JsonElement root;

    private Contract(JsonElement root, IReadOnlyList<FuzzRoute> routes) => (this.root, Routes) = (root, routes);

    public IReadOnlyList<FuzzRoute> Routes { get; }

    public static async Task<Contract> ReadAsync(HttpClient client, CancellationToken ct)
    {
        var root = JsonElement.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), ct));
        var routes = from path in root.GetProperty("paths").EnumerateObject()
                     where !Outward.Contains(path.Name)
                     from operation in path.Value.EnumerateObject()
                     where IsOperation(operation.Value)
                     select Read(operation.Name.ToUpperInvariant(), path.Name, operation.Value);
        return new Contract(root, [.. routes]);
    }

    /// What a reference leads to.
    public JsonElement Resolve(JsonElement schema)
    {
        for (var steps = 0; steps < 10 && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference); steps++)
        {
            var at = root;
            foreach (var step in reference.GetString()!.Split('/').Skip(1)) // a reference is text
                if (!at.TryGetProperty(step, out at)) return default;
            schema = at;
        }
        return schema;
    }

    private static bool IsOperation(JsonElement one) => one.ValueKind == JsonValueKind.Object && one.TryGetProperty("responses", out _);

    private static FuzzRoute Read(string method, string path, JsonElement operation)
    {
        var parameters = operation.TryGetProperty("parameters", out var given)
            ? given.EnumerateArray().Select(one => new FuzzParameter(one.GetProperty("name").GetString()!, one.GetProperty("in").GetString()!)).ToArray() // both are required
            : [];
        if (!operation.TryGetProperty("requestBody", out var body)) return new FuzzRoute(method, path, parameters, null, null, default);
        var content = body.GetProperty("content").EnumerateObject().First();
        return new FuzzRoute(method, path, parameters, content.Name,
            content.Value.TryGetProperty("example", out var example) ? example.GetRawText() : null,
            content.Value.TryGetProperty("schema", out var schema) ? schema : default);
    }
}
