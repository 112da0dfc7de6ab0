using System.Text.Json;
using NotificationServer.Tests.Admin.Identity;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;
using Npgsql;

namespace NotificationServer.Tests.Admin;

/// One of everything that a page can show, and each of them called something that a browser would run if a page let it.
public sealed class InhabitedServer : IAsyncLifetime
{
    public const string Markup = "\"><img src=x onerror=alert(1)>";
    private static readonly string Name = JsonSerializer.Serialize(Markup)[1..^1];

    private readonly AdminServer server = new();

    internal AdminServer Admin => server;

    public NpgsqlDataSource Db => server.Db;

    /// By the route of a page, an address of it that shows something.
    internal IReadOnlyDictionary<string, string> Places { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        using var api = await server.ServiceAsync();
        var user = "h-user";
        await api.JsonAsync($"PUT /v1/users/{user}", $$"""{"email":"h@example.org","locale":"de-CH","tags":["{{Name}}"],"attributes":{"{{Name}}":"{{Name}}"} }""");
        await api.JsonAsync($"PUT /v1/users/{user}/devices/h-device", $$"""{"platform":"android","push_provider":"fcm","token":"abc:def","app_version":"1"}""");
        await api.JsonAsync($"PUT /v1/users/{user}-blocked/block", $$"""{"reason":"{{Name}}"}""");
        await api.JsonAsync("PUT /v1/categories/h-category", $$"""{"name":"{{Name}}","class":"transactional"}""");
        await api.JsonAsync("POST /v1/templates", $$"""{"key":"h-template","name":"{{Name}}","category":"h-category","channels":{"sms":{"body":"{{Name}}"},"email":{"subject":"{{Name}}","text":"{{Name}}"} } }""");
        await api.JsonAsync("POST /v1/suppressions", """{"channel":"email","address":"gone@example.org"}""");
        await api.JsonAsync("PUT /v1/providers/h-provider", $$"""{"kind":"sendgrid","settings":{"from":"shop@example.com"},"secrets":{"api_key":"SG.x"},"enabled":false,"reason":"{{Name}}"}""");
        await api.JsonAsync("POST /v1/ops/queues/web_push:pause", $$"""{"reason":"{{Name}}"}""");
        var endpoint = (await api.JsonAsync("POST /v1/webhook-endpoints", $$"""{"url":"https://hooks.example.com/","event_types":["message.sent"],"description":"{{Name}}"}""")).GetProperty("endpoint").GetProperty("id").GetString();
        var sent = await api.JsonAsync("POST /v1/notifications", $$"""{"send_at":"{{TimeProvider.System.GetUtcNow().AddDays(1):yyyy-MM-ddTHH:mm:ssZ}}","to":[{"user_id":"{{user}}"}],"channels":["email"],"template":"h-template","metadata":{"a":"{{Name}}"} }""");
        var segment = (await api.JsonAsync("POST /v1/segments", $$"""{"name":"{{Name}}","rules":{"all":[{"field":"country","op":"in","value":["DE"]}]} }""")).GetProperty("id").GetString();
        var campaign = (await api.JsonAsync("POST /v1/campaigns", $$"""{"name":"{{Name}}","template":"h-template","channels":["email"]}""")).GetProperty("id").GetString();
        var colleague = await server.AddAsync("h.colleague@example.org", "Viewer");
        await server.AskAsync<int>("update staff set full_name = @Markup where id = @colleague", new { Markup, colleague });
        Places = new Dictionary<string, string>
        {
            ["/admin/queues/{channel}"] = "/admin/queues/web_push",
            ["/admin/templates/{key}"] = "/admin/templates/h-template", ["/admin/templates/{key}/versions"] = "/admin/templates/h-template/versions",
            ["/admin/templates/{key}/publish"] = "/admin/templates/h-template/publish",
            ["/admin/people/{id:guid}"] = $"/admin/people/{colleague}",
            ["/admin/providers/{key}"] = "/admin/providers/h-provider", ["/admin/providers/{key}/edit"] = "/admin/providers/h-provider/edit",
            ["/admin/messages/{id}"] = $"/admin/messages/{sent.GetProperty("messages")[0].GetProperty("id").GetString()}",
            ["/admin/webhooks/{id}"] = $"/admin/webhooks/{endpoint}",
            ["/admin/users/{id}"] = $"/admin/users/{user}", ["/admin/users/{id}/edit"] = $"/admin/users/{user}/edit", ["/admin/users/{id}/erase"] = $"/admin/users/{user}/erase",
            ["/admin/users/{id}/choice"] = $"/admin/users/{user}/choice?channel=email",
            ["/admin/suppressions/{id:long}"] = $"/admin/suppressions/{await server.AskAsync<long>("select min(id) from suppressions")}",
            ["/admin/segments/{id}"] = $"/admin/segments/{segment}",
            ["/admin/campaigns/{id}"] = $"/admin/campaigns/{campaign}", ["/admin/campaigns/{id}/content"] = $"/admin/campaigns/{campaign}/content",
            ["/admin/campaigns/{id}/audience"] = $"/admin/campaigns/{campaign}/audience", ["/admin/campaigns/{id}/schedule"] = $"/admin/campaigns/{campaign}/schedule",
            ["/admin/campaigns/{id}/review"] = $"/admin/campaigns/{campaign}/review", ["/admin/campaigns/{id}/recipients"] = $"/admin/campaigns/{campaign}/recipients",
            ["/admin/categories/{key}"] = "/admin/categories/h-category",
            ["/admin/keys/{id:length(16)}"] = $"/admin/keys/{await server.AskAsync<string>("select min(id) from api_keys")}",
        };
    }

    public Task DisposeAsync() => server.DisposeAsync();
}
