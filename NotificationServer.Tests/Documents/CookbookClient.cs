using System.Net.Http.Json;
using System.Text.Json;

namespace NotificationServer.Tests.Documents;

public sealed record Recipient(string? UserId = null, string? Email = null, string? Phone = null);

public sealed record Words(string? Subject = null, string? Text = null, string? Title = null, string? Body = null);

public sealed record Notification(string EventId, Recipient[] To, string[]? Channels = null, string? Template = null, object? Data = null, Words? Content = null);

public sealed record Accepted(string Id, bool Deduplicated);

public sealed class NotificationClient(HttpClient http)
{
    private const int MaxTries = 10;
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// Asks again until it is answered: with the same event id a repetition is harmless.
    public async Task<Accepted> SendAsync(Notification notification, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, tries) / 4));
            try
            {
                using var answer = await http.PostAsJsonAsync("v1/notifications", notification, Json, ct);
                if (answer.IsSuccessStatusCode) return (await answer.Content.ReadFromJsonAsync<Accepted>(Json, ct))!;
                // Any other 4xx says what is wrong with the request, and asking again would not change it.
                if ((int)answer.StatusCode is not (408 or 429 or >= 500) || tries == MaxTries)
                    throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(ct));
                pause = answer.Headers.RetryAfter?.Delta ?? pause;
            }
            catch (HttpRequestException) when (tries < MaxTries)
            {
                // Nobody knows whether it arrived.
            }
            catch (TaskCanceledException) when (tries < MaxTries && !ct.IsCancellationRequested)
            {
                // Nor here: there was no answer in time.
            }
            await Task.Delay(pause, ct);
        }
    }
}
