using System.Net;
using System.Text.RegularExpressions;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Queue.Hangfire;

/// Presses the dashboard's buttons as its own script does: with the token that the page carries, in the header that it names.
internal static partial class DashboardVisitor
{
    public static async Task<HttpStatusCode> PressAsync(this AdminClient client, string command, params string[] jobs)
    {
        var token = Token().Match(await client.ReadAsync("/admin/hangfire")).Groups[1].Value;
        return await PressAsync(client, command, token, jobs);
    }

    public static async Task<HttpStatusCode> PressAsync(this AdminClient client, string command, string? token, string[] jobs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/admin/hangfire/{command}", UriKind.Relative));
        request.Content = new FormUrlEncodedContent(jobs.Select(job => KeyValuePair.Create("jobs[]", job)));
        if (token is not null) request.Headers.Add("RequestVerificationToken", token);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    [GeneratedRegex("""csrf-token" content="([^"]+)""")]
    private static partial Regex Token();
}
