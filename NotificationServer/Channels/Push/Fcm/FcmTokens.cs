using System.Globalization;
using System.Text;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Fcm;

/// The access token of the service account: one for all sends, fetched by one caller at a time, renewed five minutes
/// before it ends. (Google's own library does the same, but through an HttpClient, a clock and retries of its own: our
/// trusted roots, deadlines and outcomes would not hold there.)
internal sealed class FcmTokens(WireClients wires, FcmOptions settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly ServiceAccount account = settings.Account();
    private readonly SemaphoreSlim fetching = new(1);
    private FcmAssertion? assertion;
    private WireClient? wire;
    private Token? current;
    private Failure lastFailure = new(0, default);

    public string ProjectId => account.ProjectId;

    /// The value of the authorization header, or why there is none. <c>refused</c> is one that FCM would not have.
    public async ValueTask<(string? Header, SendOutcome Fault)> GetAsync(string? refused, CancellationToken ct)
    {
        if (Usable(refused) is { } held) return (held, default);
        var failure = Volatile.Read(ref lastFailure);
        try
        {
            await fetching.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return (null, SendOutcome.NotSent("no_token", "the deadline passed while waiting for Google's access token"));
        }
        try
        {
            if (Usable(refused) is { } fetched) return (fetched, default);
            // Who waited for a fetch that failed shares its failure: a refused account is asked for once, not once a message.
            return lastFailure.Number != failure.Number ? (null, lastFailure.Fault) : await FetchAsync(ct);
        }
        finally
        {
            fetching.Release();
        }
    }

    public void Dispose()
    {
        wire?.Dispose();
        assertion?.Dispose();
        fetching.Dispose();
    }

    private string? Usable(string? refused)
    {
        var token = Volatile.Read(ref current);
        return token is not null && clock.GetUtcNow() < token.Until && token.Header != refused ? token.Header : null;
    }

    private async Task<(string? Header, SendOutcome Fault)> FetchAsync(CancellationToken ct)
    {
        wire ??= wires.Http(account.TokenUri);
        assertion ??= new FcmAssertion(account);
        var form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion.Sign(clock.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, account.TokenUri);
        var reply = await wire.SendAsync(request, new OutgoingBody(Encoding.ASCII.GetBytes(form), WireClient.Form), ct);
        if (Read(reply) is not { } token)
        {
            lastFailure = new Failure(lastFailure.Number + 1, Refusal(reply));
            return (null, lastFailure.Fault);
        }

        Volatile.Write(ref current, token);
        return (token.Header, default);
    }

    private Token? Read(WireReply reply)
    {
        using var json = reply.Fault is null && reply.Status == 200 ? reply.Json() : null;
        if (json is not { RootElement.ValueKind: JsonValueKind.Object }
            || !json.RootElement.TryGetProperty("access_token", out var token) || token.ValueKind != JsonValueKind.String
            || !json.RootElement.TryGetProperty("expires_in", out var seconds) || Seconds(seconds) is not { } life) return null;

        var lasts = TimeSpan.FromSeconds(Math.Clamp(life, 0, (long)Longest.TotalSeconds));
        // One of a short life is still good for its first half.
        var until = clock.GetUtcNow() + (lasts > Early * 2 ? lasts - Early : lasts / 2);
        return new Token("Bearer " + token.GetString(), until);
    }

    /// Some token endpoints write the number as text.
    private static long? Seconds(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// Whatever happened here, the message itself has not left: "unknown" of a token is "not sent" of a message.
    private SendOutcome Refusal(WireReply reply)
    {
        if (reply.Fault is { } fault) return SendOutcome.NotSent("no_token", $"no access token from Google: {fault.Detail}");
        var code = ErrorOf(reply);
        return reply.Status switch
        {
            429 => SendOutcome.Throttled(code ?? "http_429", "Google's token endpoint: too many requests", reply.RetryAfter(clock)),
            >= 400 and < 500 and not 408 => SendOutcome.Misconfigured(
                code ?? $"http_{reply.Status}", "Google's token endpoint refused the service account: check its key, and this machine's clock"),
            408 or >= 500 => SendOutcome.Transient(code ?? $"http_{reply.Status}", $"Google's token endpoint answered {reply.Status}", reply.RetryAfter(clock)),
            _ => SendOutcome.NotSent("no_token", $"Google's token endpoint answered {reply.Status} without a token"),
        };
    }

    private static string? ErrorOf(WireReply reply)
    {
        using var json = reply.Json();
        return json is { RootElement.ValueKind: JsonValueKind.Object }
            && json.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString() : null;
    }

    private sealed record Failure(long Number, SendOutcome Fault);

    private sealed record Token(string Header, DateTimeOffset Until);
}
