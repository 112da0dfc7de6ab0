using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Templates;

/// One answer of the API, read.
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? ETag)
{
    public int Number(string name) => Body.GetProperty(name).GetInt32();

    public string? Text(string name) => Body.GetProperty(name).GetString();

    public IEnumerable<(string?, string?)> Errors => Body.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("pointer").GetString(), e.GetProperty("code").GetString()));
}

/// The calls of the templates' stories, short.
internal static class TemplateCalls
{
    public static Task<Answer> GetAsync(this ServerHost server, string path) => server.SendAsync(HttpMethod.Get, path);

    public static Task<Answer> PostAsync(this ServerHost server, string path, string json) => server.SendAsync(HttpMethod.Post, path, json);

    public static Task<Answer> PatchAsync(this ServerHost server, string path, string json, string? ifMatch = null) => server.SendAsync(HttpMethod.Patch, path, json, ifMatch);

    public static Task<Answer> DeleteAsync(this ServerHost server, string path, string? ifMatch = null) => server.SendAsync(HttpMethod.Delete, path, ifMatch: ifMatch);

    /// An SMS template of this key.
    public static async Task GivenTemplateAsync(this ServerHost server, string key, string body, string more = "")
    {
        var made = await server.PostAsync("/v1/templates", $$$"""{"key":"{{{key}}}","name":"{{{key}}}","channels":{"sms":{"body":"{{{body}}}"}}{{{more}}}}""");
        Assert.True(made.Status == HttpStatusCode.Created, $"{made.Status}: {made.Body}");
    }

    private static async Task<Answer> SendAsync(this ServerHost server, HttpMethod method, string path, string? json = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (ifMatch is not null) request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ifMatch));
        using var response = await server.Client.SendAsync(request);
        var body = response.Content.Headers.ContentLength is 0 || response.StatusCode == HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>();
        return new Answer(response.StatusCode, body, response.Headers.ETag?.ToString());
    }
}
