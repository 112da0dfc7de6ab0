using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NotificationServer.Tests.Documents;

/// The receiver that docs/webhooks.md gives away.
internal static class WebhookReceiver
{
    public static WebApplication Make(string secret)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");

        app.MapPost("/hooks", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return Webhook.IsGenuine(Convert.FromBase64String(secret["whsec_".Length..]), request.Headers, body.ToArray(), TimeProvider.System.GetUtcNow())
                ? Results.Ok() : Results.Unauthorized();
        });

        return app;
    }
}

internal static class Webhook
{
    public static bool IsGenuine(byte[] key, IHeaderDictionary headers, byte[] body, DateTimeOffset now)
    {
        var (id, time) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString());
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > 300) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body];
        var expected = HMACSHA256.HashData(key, signed);
        return headers["webhook-signature"].ToString().Split(' ').Any(one => one.StartsWith("v1,", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one[3..]), Encoding.UTF8.GetBytes(Convert.ToBase64String(expected))));
    }
}
