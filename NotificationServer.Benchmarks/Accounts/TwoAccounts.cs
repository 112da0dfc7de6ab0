using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Accounts;

/// Accounts of one vendor, as people set them up, at the places of an arena.
internal static class TwoAccounts
{
    public const string First = "twilio-a";
    public const string Second = "twilio-b";

    private static readonly string[] Texts = ["sms"];

    // Within two seconds every node goes by what was changed.
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(3);

    /// The first is reached through the arena's proxy, which can be closed; null takes no limit.
    public static async Task SetUpAsync(Trial trial, int? ratePerSecond, int? dailyCap, CancellationToken ct)
    {
        var arena = trial.Arena;
        await PutAsync(trial, First, 1, $"https://localhost:{arena.Sms.Port}", ratePerSecond, dailyCap, ct);
        if (arena.Second is { } second) await PutAsync(trial, Second, 2, second.Urls.Twilio.ToString(), null, null, ct);
        // And nobody else: the arena's servers have an account in their configuration too.
        string[] accounts = arena.Second is null ? [First] : [First, Second];
        await trial.Client.SendAsync(HttpMethod.Put, arena.Urls[0], "/v1/routing-rules", new { rules = new[] { new { key = "proof", channels = Texts, accounts } } }, ct);
        await Task.Delay(Known, ct);
    }

    private static async Task PutAsync(Trial trial, string key, int order, string address, int? ratePerSecond, int? dailyCap, CancellationToken ct)
    {
        var known = trial.Arena.Simulator.Credentials;
        await trial.Client.SendAsync(HttpMethod.Put, trial.Arena.Urls[0], $"/v1/providers/{key}", new
        {
            kind = "twilio", order, rate_per_second = ratePerSecond, daily_cap = dailyCap, reason = "a proof",
            settings = new { account_sid = known.TwilioAccountSid, from = known.TwilioFrom, base_address = address },
            secrets = new { auth_token = known.TwilioAuthToken },
        }, ct);
    }
}
