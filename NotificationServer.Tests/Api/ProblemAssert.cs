using System.Text.Json;

namespace NotificationServer.Tests.Api;

/// Every error answer has the promised shape, whoever made it.
internal static class ProblemAssert
{
    private static readonly string[] Members = ["type", "title", "status", "detail", "instance", "code", "trace_id", "retryable", "errors"];

    public static async Task<JsonElement> IsAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"expected {status} {code}, got {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(Members, problem.EnumerateObject().Select(m => m.Name));
        var actual = problem.GetProperty("code").GetString();
        Assert.Contains(actual, code.Split('|'));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal($"https://docs.example.org/problems/{actual}", problem.GetProperty("type").GetString());
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NotificationServer", text, StringComparison.Ordinal);
        return problem;
    }

    public static async Task<string?> PointerAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return Assert.Single(problem.RootElement.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString();
    }
}
