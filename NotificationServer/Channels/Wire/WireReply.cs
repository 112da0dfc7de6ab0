using System.Net.Http.Headers;
using System.Text.Json;

namespace NotificationServer.Channels.Wire;

/// What came back from a vendor: a whole, readable answer, or (with <see cref="Fault"/>) none, and what that means.
internal readonly record struct WireReply(int Status, byte[] Body, HttpResponseHeaders? Headers, SendOutcome? Fault)
{
    public static WireReply Failed(SendOutcome fault) => new(0, [], null, fault);

    public string? Header(string name) =>
        Headers is not null && Headers.TryGetValues(name, out var values) ? FirstOf(values) : null;

    public TimeSpan? RetryAfter(TimeProvider clock) =>
        Headers is null ? null : RetryAfterHeader.Parse(Header("Retry-After"), clock.GetUtcNow());

    /// The answer as JSON, or null if it is not JSON that can be read: a proxy's HTML page, an empty body, half a document.
    public JsonDocument? Json()
    {
        if (Body.Length == 0) return null;
        try
        {
            var document = JsonDocument.Parse(Body);
            if (Body.AsSpan().IndexOf("\\u"u8) >= 0) Read(document.RootElement);
            return document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// Half a surrogate pair ("\ud800") passes the parser and is an exception for whoever reads the text: here, once, rather
    /// than in every connector.
    private static void Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) element.GetString();
        else if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) Read(item);
        else if (element.ValueKind == JsonValueKind.Object) foreach (var member in element.EnumerateObject()) { _ = member.Name; Read(member.Value); }
    }

    /// What a status means where the vendor's own table has no more exact word.
    public SendOutcome ByStatus(string provider, TimeProvider clock, string? code = null)
    {
        code ??= $"http_{Status}";
        return Status switch
        {
            // Success that does not say what it should: the message may well be out.
            >= 200 and < 300 => SendOutcome.Unknown("unreadable_answer", $"{provider} answered {Status} without the expected content"),
            >= 300 and < 400 => SendOutcome.Misconfigured("redirected", $"{provider} answered {Status}: redirects are not followed, check BaseAddress"),
            408 or 425 => SendOutcome.Transient(code, $"{provider} answered {Status}", RetryAfter(clock)),
            429 => SendOutcome.Throttled(code, $"{provider} answered 429", RetryAfter(clock)),
            401 or 403 or 407 => SendOutcome.Misconfigured(code, $"{provider} refused our credentials ({Status})"),
            >= 400 and < 500 => SendOutcome.Permanent(code, $"{provider} refused the request ({Status})"),
            >= 500 => SendOutcome.Transient(code, $"{provider} answered {Status}", RetryAfter(clock)),
            _ => SendOutcome.Unknown("unreadable_answer", $"{provider} answered {Status}"),
        };
    }

    private static string? FirstOf(IEnumerable<string> values)
    {
        foreach (var value in values) return value;
        return null;
    }
}
