using System.Text;

namespace NotificationServer.Channels.Email.Smtp;

/// Proves who we are, by the best way that the server offers. Only ever called under TLS.
internal static class SmtpLogin
{
    // RFC 5321's limit of a command line; a token is longer, and then waits for the server to ask.
    private const int LongestCommand = 510;

    /// Null: we are in.
    public static async Task<SendOutcome?> RunAsync(SmtpWire wire, SmtpOptions settings, SmtpCapabilities offered, CancellationToken ct)
    {
        var user = settings.User!; // asked for by the caller
        if (settings.UsesToken)
        {
            var token = settings.AccessTokenFile is { Length: > 0 } file ? (await File.ReadAllTextAsync(file, ct)).Trim() : settings.AccessToken;
            return offered.Mechanisms.Contains("XOAUTH2") ? await OneStepAsync(wire, "XOAUTH2", $"user={user}\u0001auth=Bearer {token}\u0001\u0001", ct) : NotOffered;
        }
        if (offered.Mechanisms.Contains("PLAIN")) return await OneStepAsync(wire, "PLAIN", $"\0{user}\0{settings.Password}", ct);
        if (!offered.Mechanisms.Contains("LOGIN")) return NotOffered;

        foreach (var line in new[] { "AUTH LOGIN", Coded(user) })
        {
            await wire.CommandAsync(ct, line);
            var asked = await wire.ReplyAsync(ct);
            if (asked.Code != 334) return SmtpErrors.Outcome(asked, SmtpStep.Authentication);
        }
        await wire.CommandAsync(ct, Coded(settings.Password!)); // checked at start
        return Verdict(await wire.ReplyAsync(ct));
    }

    private static async Task<SendOutcome?> OneStepAsync(SmtpWire wire, string mechanism, string credentials, CancellationToken ct)
    {
        var whole = $"AUTH {mechanism} {Coded(credentials)}";
        if (whole.Length <= LongestCommand)
        {
            await wire.CommandAsync(ct, whole);
        }
        else
        {
            await wire.CommandAsync(ct, $"AUTH {mechanism}");
            var asked = await wire.ReplyAsync(ct);
            if (asked.Code != 334) return SmtpErrors.Outcome(asked, SmtpStep.Authentication);
            await wire.CommandAsync(ct, Coded(credentials));
        }
        var reply = await wire.ReplyAsync(ct);
        // XOAUTH2 tells in a challenge why it says no, and says no when that is acknowledged.
        if (reply.Code == 334)
        {
            await wire.CommandAsync(ct, "");
            reply = await wire.ReplyAsync(ct);
        }
        return Verdict(reply);
    }

    private static SendOutcome? Verdict(SmtpReply reply) => reply.Code == 235 ? null : SmtpErrors.Outcome(reply, SmtpStep.Authentication);

    private static readonly SendOutcome NotOffered = SendOutcome.Misconfigured("no_auth", "the mail server offers no way of authentication that fits our credentials");

    private static string Coded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
