using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace NotificationServer.Benchmarks.Pages;

/// Somebody who is signed in to the admin app and only reads.
internal sealed partial class AdminVisitor(Uri address) : IDisposable
{
    private readonly HttpClient http = new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = address };

    public async Task SignInAsync(string email, string password, CancellationToken ct)
    {
        var form = await http.GetStringAsync(new Uri("/admin/sign-in", UriKind.Relative), ct);
        using var fields = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("Email", email), KeyValuePair.Create("Password", password),
            KeyValuePair.Create("__RequestVerificationToken", Token().Match(form).Groups[1].Value),
        ]);
        using var answer = await http.PostAsync(new Uri("/admin/sign-in", UriKind.Relative), fields, ct);
        if (answer.StatusCode != HttpStatusCode.Redirect) throw new InvalidOperationException($"Signing in was answered with {(int)answer.StatusCode}.");
    }

    /// From the request to the last byte of the page.
    public async Task<TimeSpan> ReadAsync(string path, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
        await answer.Content.ReadAsByteArrayAsync(ct);
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{path} was answered with {(int)answer.StatusCode}.");
        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("""__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex Token();
}
