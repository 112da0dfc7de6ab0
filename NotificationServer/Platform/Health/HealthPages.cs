using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace NotificationServer.Platform.Health;

/// `/healthz/live` and `/healthz/ready`. Live says nothing but that the process answers: what is wrong with the database is no reason to
/// have every node killed and started again.
internal sealed class HealthPages(Readiness readiness, IOptions<HealthOptions> options)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private readonly IPNetwork[] allowed = [.. options.Value.AllowedNetworks.Select(text => IPNetwork.Parse(text))];

    public void Map(WebApplication app)
    {
        app.MapMethods("/healthz/live", Methods, (HttpContext http) => AnswerAsync(http, StatusCodes.Status200OK, "live", null))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapMethods("/healthz/ready", Methods, ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private async Task ReadyAsync(HttpContext http)
    {
        var report = await readiness.AskAsync(http.RequestAborted);
        var checks = MayHearWhy(http) ? report.Checks : null;
        await (report.IsReady
            ? AnswerAsync(http, StatusCodes.Status200OK, "ready", checks)
            : AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, "not_ready", checks));
    }

    private static Task AnswerAsync(HttpContext http, int code, string status, IReadOnlyDictionary<string, string>? checks)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(http.Request.Method)) return Task.CompletedTask;
        object said = checks is null ? new { status } : new { status, checks = new SortedDictionary<string, string>(checks.ToDictionary(), StringComparer.Ordinal) };
        return http.Response.WriteAsync(JsonSerializer.Serialize(said), http.RequestAborted);
    }

    private bool MayHearWhy(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } from) return false;
        var address = from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from;
        return IPAddress.IsLoopback(address) || allowed.Any(network => network.Contains(address));
    }
}
