using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotificationServer.Tests.Api;

/// An endpoint that takes a body, for the catalogue of bad inputs to be thrown at. A new endpoint is one line in <see cref="All"/>.
internal sealed record Target(string Name, HttpMethod Method, string Path, string Valid, string? Text = null, string? FreeForm = null, string? Time = null, string? Required = null)
{
    public static readonly Target[] All =
    [
        new("user", HttpMethod.Put, "/v1/users/b-user", """{"email":"ann@example.com"}""", Text: "email", FreeForm: "attributes"),
        new("user patch", HttpMethod.Patch, "/v1/users/b-user", """{"email":"ann@example.com"}""", Text: "email", FreeForm: "attributes"),
        new("device", HttpMethod.Put, "/v1/users/b-user/devices/d1", """{"platform":"android","push_provider":"fcm","token":"abc:def"}""", Text: "app_id", Required: "token"),
        new("preferences", HttpMethod.Patch, "/v1/users/b-user/preferences", """{"source":"test","channels":[{"channel":"sms","opt_in":false}]}""", Text: "source", Required: "source"),
        new("block", HttpMethod.Put, "/v1/users/b-user/block", """{"reason":"fraud"}""", Text: "reason", Time: "until", Required: "reason"),
        new("consent", HttpMethod.Post, "/v1/users/b-user/consents", """{"channel":"email","opt_in":true,"source":"checkout"}""", Text: "text_version", Required: "source"),
        new("preference link", HttpMethod.Post, "/v1/users/b-user/preference-link", """{"expires_in":3600}"""),
        new("erase", HttpMethod.Post, "/v1/users/b-erased:erase", """{"reason":"asked by mail"}""", Text: "reason", Required: "reason"),
        new("suppression", HttpMethod.Post, "/v1/suppressions", """{"channel":"email","address":"ann@example.com"}""", Text: "address", Time: "expires_at", Required: "channel"),
        new("category", HttpMethod.Put, "/v1/categories/b-category", """{"name":"News","class":"marketing"}""", Text: "name", Required: "class"),
        new("notification", HttpMethod.Post, "/v1/notifications", """{"to":[{"email":"ann@example.com"}],"channels":["email"],"content":{"subject":"Hello","text":"There"}}""", Text: "collapse_key", FreeForm: "metadata", Time: "send_at", Required: "to"),
        new("pause", HttpMethod.Post, "/v1/ops/queues/sms:pause", """{"reason":"outage"}""", Text: "reason", Time: "until", Required: "reason"),
        new("requeue", HttpMethod.Post, "/v1/ops/messages:requeue", """{"filter":{},"dry_run":true}""", Text: "reason", Required: "filter"),
        new("discard", HttpMethod.Post, "/v1/ops/messages:discard", """{"filter":{},"dry_run":true}""", Text: "reason", Required: "filter"),
        new("provider", HttpMethod.Put, "/v1/providers/b-provider", """{"kind":"sendgrid","settings":{"from":"shop@example.com"},"secrets":{"api_key":"SG.x"},"enabled":false}""", Text: "reason", Required: "kind"),
        new("routing rules", HttpMethod.Put, "/v1/routing-rules", """{"rules":[]}""", Text: "reason", Required: "rules"),
        new("webhook endpoint", HttpMethod.Post, "/v1/webhook-endpoints", """{"url":"https://hooks.example.com/","event_types":["message.sent"]}""", Text: "description", Required: "url"),
        new("template", HttpMethod.Post, "/v1/templates", """{"key":"b-template","name":"Hello","channels":{"sms":{"body":"Hello"}}}""", Text: "name", Required: "key"),
        new("template version", HttpMethod.Post, "/v1/templates/b-template/versions", """{"channels":{"sms":{"body":"Hello"}}}""", Text: "default_locale", Required: "channels"),
        new("segment", HttpMethod.Post, "/v1/segments", """{"name":"Everybody","rules":{"all":[]}}""", Text: "description", FreeForm: "rules", Required: "name"),
        new("partial", HttpMethod.Post, "/v1/template-partials", """{"key":"b-partial","name":"Hello","text":"Hello"}""", Text: "name", Required: "key"),
        new("campaign", HttpMethod.Post, "/v1/campaigns", """{"name":"Autumn sale"}""", Text: "name", FreeForm: "data", Time: "expires_at", Required: "name"),
        new("roll-out", HttpMethod.Post, "/v1/template-partials/b-partial:roll-out", """{"dry_run":true}"""),
    ];

    public static Target Named(string name) => All.Single(target => target.Name == name);

    /// The valid body with one more field, as JSON text that need not be valid itself.
    public string With(string field, string value)
    {
        var rest = JsonNode.Parse(Valid)!.AsObject(); // the table's own text
        rest.Remove(field);
        var text = rest.ToJsonString();
        return $"{text[..^1]}{(rest.Count > 0 ? "," : "")}\"{field}\":{value}}}";
    }

    public HttpRequestMessage Request(string body) => Request(Encoding.UTF8.GetBytes(body));

    public HttpRequestMessage Request(byte[] body, string? contentType = "application/json")
    {
        var request = new HttpRequestMessage(Method, new Uri(Path, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return request;
    }

    public static string Json(string text) => JsonSerializer.Serialize(text);
}
