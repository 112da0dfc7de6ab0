using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace NotificationServer.Tests.Simulator;

/// A request that a vendor's own SDK sent, as it was captured.
internal sealed class ProviderVector(JsonElement root)
{
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase) { "host", "connection", "content-length" };

    public JsonElement Inputs => root.GetProperty("inputs");

    public int Requests => root.GetProperty("requests").GetArrayLength();

    public static ProviderVector Load(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", $"{name}.json")));
        return new ProviderVector(file.RootElement.Clone());
    }

    /// What the vendor answered in the capture.
    public string MockBody(int index = 0) =>
        root.GetProperty("requests")[index].GetProperty("mockResponse").GetProperty("body").GetString()!;

    /// The captured request, addressed to another host.
    public HttpRequestMessage Request(Uri provider, int index = 0)
    {
        var captured = root.GetProperty("requests")[index];
        var request = new HttpRequestMessage(
            new HttpMethod(captured.GetProperty("method").GetString()!), new Uri(provider, captured.GetProperty("path").GetString()!))
        {
            Version = captured.GetProperty("httpVersion").GetString() == "2" ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(captured.GetProperty("bodyBase64").GetBytesFromBase64()),
        };
        foreach (var header in captured.GetProperty("headers").EnumerateArray())
        {
            var (name, value) = (header[0].GetString()!, header[1].GetString()!);
            if (OfTheConnection.Contains(name)) continue;
            HttpHeaders target = name.StartsWith("content-", StringComparison.OrdinalIgnoreCase) ? request.Content.Headers : request.Headers;
            Assert.True(target.TryAddWithoutValidation(name, value), name);
        }

        return request;
    }
}
