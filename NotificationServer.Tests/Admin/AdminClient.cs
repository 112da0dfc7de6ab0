using System.Net;
using System.Text.RegularExpressions;

namespace NotificationServer.Tests.Admin;

/// A browser without scripts: cookies and forms, and every redirect is seen.
internal sealed partial class AdminClient(HttpClient http) : IDisposable
{
    public AdminClient(Uri address)
        : this(new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = address })
    {
    }

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(new Uri(path, UriKind.Relative));

    public Task<string> ReadAsync(string path) => http.GetStringAsync(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => http.SendAsync(request);

    /// Without a token: what a form on somebody else's site would send.
    public async Task<HttpResponseMessage> PostBlindlyAsync(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await http.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    /// As a person does it: load the page, fill in its form.
    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var token = TokenOn(await ReadAsync(path));
        return await PostBlindlyAsync(path, [.. fields, ("__RequestVerificationToken", token)]);
    }

    public async Task<string> PostForTextAsync(string path, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(path, fields);
        return await answer.Content.ReadAsStringAsync();
    }

    /// The same form, many times in the same moment: what a script does, not a person. The token comes from a page that has one.
    public async Task<IReadOnlyList<string>> PostAtOnceAsync(int times, string tokenFrom, string path, params (string Name, string Value)[] fields)
    {
        var token = TokenOn(await ReadAsync(tokenFrom));
        return await Task.WhenAll(Enumerable.Range(0, times).Select(async _ =>
        {
            using var answer = await PostBlindlyAsync(path, [.. fields, ("__RequestVerificationToken", token)]);
            return await answer.Content.ReadAsStringAsync();
        }));
    }

    /// Where the answer leads; null: nowhere.
    public async Task<string?> PostForPlaceAsync(string path, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(path, fields);
        return answer.Headers.Location?.ToString();
    }

    /// Where the page leads instead of showing itself; null: it shows itself.
    public async Task<string?> LeadsToAsync(string path)
    {
        using var answer = await GetAsync(path);
        return answer.Headers.Location?.ToString();
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password, string? returnUrl = null) =>
        PostAsync("/admin/sign-in", ("Email", email), ("Password", password), ("returnUrl", returnUrl ?? ""));

    public static string TokenOn(string page) => Token().Match(page).Groups[1].Value;

    public void Dispose() => http.Dispose();

    [GeneratedRegex("""__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex Token();
}
