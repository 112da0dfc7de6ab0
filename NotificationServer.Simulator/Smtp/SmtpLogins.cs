using System.Text;
using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Simulator.Smtp;

/// AUTH PLAIN, LOGIN and XOAUTH2 (the token is the password).
internal static class SmtpLogins
{
    private const string Wrong = "535 5.7.8 Authentication credentials invalid";

    /// The answer to give; 235 opens the door.
    public static async Task<string> JudgeAsync(SmtpLines lines, string[] words, SimulatorCredentials credentials, CancellationToken ct)
    {
        var (user, password) = (credentials.SmtpUser, credentials.SmtpPassword);
        switch (words.ElementAtOrDefault(1)?.ToUpperInvariant())
        {
            case "PLAIN":
                var plain = words.Length > 2 ? words[2] : await AskAsync(lines, "", ct);
                return Decoded(plain) == $"\0{user}\0{password}" ? "235 2.7.0 Accepted" : Wrong;
            case "LOGIN":
                var name = words.Length > 2 ? words[2] : await AskAsync(lines, "Username:", ct);
                var secret = await AskAsync(lines, "Password:", ct);
                return Decoded(name) == user && Decoded(secret) == password ? "235 2.7.0 Accepted" : Wrong;
            case "XOAUTH2":
                var token = words.Length > 2 ? words[2] : await AskAsync(lines, "", ct);
                if (Decoded(token) == $"user={user}\u0001auth=Bearer {password}\u0001\u0001") return "235 2.7.0 Accepted";
                await AskAsync(lines, """{"status":"400","schemes":"bearer"}""", ct);
                return Wrong;
            default:
                return "504 5.5.4 Unknown mechanism";
        }
    }

    private static async Task<string?> AskAsync(SmtpLines lines, string question, CancellationToken ct)
    {
        await lines.WriteAsync($"334 {Convert.ToBase64String(Encoding.UTF8.GetBytes(question))}", ct);
        return await lines.ReadAsync(ct) is { } line ? Encoding.ASCII.GetString(line).TrimEnd() : null;
    }

    private static string? Decoded(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : null;
    }
}
