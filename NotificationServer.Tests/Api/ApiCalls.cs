using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api;

/// Short forms for talking to the server.
internal static class ApiCalls
{
    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, string call, string? json = null, params (string Name, string Value)[] headers)
    {
        var (method, path) = call.Split(' ', 2) is [var m, var p] ? (m, p) : throw new ArgumentException("METHOD /path", nameof(call));
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request);
    }

    /// The JSON of an answer that must be a good one.
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string call, string? json = null, params (string Name, string Value)[] headers)
    {
        using var response = await client.SendAsync(call, json, headers);
        Assert.True(response.IsSuccessStatusCode, $"{call}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return response.StatusCode == HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task RefusesAsync(this HttpClient client, string call, string? json, int status, string code)
    {
        using var response = await client.SendAsync(call, json);
        await ProblemAssert.IsAsync(response, status, code);
    }

    public static async Task GivenUserAsync(this ServerHost server, string id, string json = "{}")
    {
        using var response = await server.Client.SendAsync($"PUT /v1/users/{id}", json);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
