using System.Text;

namespace NotificationServer.Tracking.Webhooks;

/// The beginning of what a receiver answered: for people who look for what went wrong there. Whatever it is, its status has been said.
internal static class AnswerText
{
    public const int MostBytes = 1024;

    /// Null: nothing was said.
    public static async Task<string?> ReadAsync(HttpContent content, TimeSpan patience, TimeProvider clock, CancellationToken ct)
    {
        using var enough = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, enough.Token);
        var bytes = new byte[MostBytes];
        var read = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(either.Token);
            while (read < MostBytes && await stream.ReadAsync(bytes.AsMemory(read), either.Token) is > 0 and var more) read += more;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            // As much as there was in time.
        }
        return read == 0 ? null : Clean(Encoding.UTF8.GetString(bytes, 0, read));
    }

    // What a database or a terminal would stumble over.
    private static string Clean(string text) =>
        string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = char.IsControl(from[i]) && from[i] is not ('\n' or '\t') ? '\uFFFD' : from[i];
        });
}
