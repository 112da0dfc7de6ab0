using System.Collections.Concurrent;
using System.Security.Cryptography;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Simulator.Apns;

/// Judges the JWT of the authorization header. Each distinct token is verified once, and its age at each request.
internal sealed class ProviderTokens : IDisposable
{
    private const int Remembered = 1000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private static readonly Answer Missing = ApnsErrors.Reason(403, "MissingProviderToken");
    private static readonly Answer Invalid = ApnsErrors.Reason(403, "InvalidProviderToken");
    private static readonly Answer Expired = ApnsErrors.Reason(403, "ExpiredProviderToken");
    private static readonly Answer TooMany = ApnsErrors.Reason(429, "TooManyProviderTokenUpdates");

    private readonly ConcurrentDictionary<string, DateTimeOffset> issuedAt = new(StringComparer.Ordinal);
    private readonly TokenUpdates updates;
    private readonly TimeProvider clock;
    private readonly string keyId;
    private readonly string teamId;
    private readonly ECDsa key = ECDsa.Create();

    public ProviderTokens(SimulatorCredentials credentials, int updatesAllowed, TimeProvider clock)
    {
        (keyId, teamId, this.clock) = (credentials.ApnsKeyId, credentials.ApnsTeamId, clock);
        updates = new TokenUpdates(updatesAllowed);
        key.ImportFromPem(credentials.ApnsPrivateKeyPem);
    }

    /// Null: the sender is who it says it is.
    public Answer? Refusal(string? authorization)
    {
        if (string.IsNullOrEmpty(authorization)) return Missing;
        var now = clock.GetUtcNow();
        if (!issuedAt.TryGetValue(authorization, out var issued))
        {
            if (Verify(authorization) is not { } verified) return Invalid;
            if (!updates.Allow(now)) return TooMany;
            if (issuedAt.Count >= Remembered) issuedAt.Clear();
            issued = issuedAt[authorization] = verified;
        }

        return now - issued > Lifetime ? Expired
            : issued - now > Skew ? Invalid
            : null;
    }

    private DateTimeOffset? Verify(string authorization)
    {
        const string scheme = "bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        if (SignedToken.Parse(authorization[scheme.Length..].Trim()) is not { } token) return null;
        var ours = SignedToken.Text(token.Header, "alg") == "ES256" && SignedToken.Text(token.Header, "kid") == keyId && SignedToken.Text(token.Claims, "iss") == teamId;
        if (!ours || token.Seconds("iat") is not { } iat || iat is < 0 or > 253402300799) return null;
        bool signed;
        lock (key) signed = key.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256);
        return signed ? DateTimeOffset.FromUnixTimeSeconds(iat) : null;
    }

    public void Dispose() => key.Dispose();
}
