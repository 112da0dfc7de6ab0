using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Simulator.Fcm;

/// Access tokens granted for signed assertions, as Google's token endpoint grants them. They do not outlive the process:
/// after a restart senders meet 401 and must ask again.
internal sealed class AccessTokens : IDisposable
{
    public const int LifetimeSeconds = 3599;
    private const string MessagingScope = "https://www.googleapis.com/auth/firebase.messaging";
    private const string CloudScope = "https://www.googleapis.com/auth/cloud-platform";
    private static readonly TimeSpan LongestAssertion = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> expiries = new(StringComparer.Ordinal);
    private readonly RSA key = RSA.Create();
    private readonly string clientEmail;
    private readonly string statedAudience;
    private readonly TimeProvider clock;

    public AccessTokens(SimulatorCredentials credentials, TimeProvider clock)
    {
        this.clock = clock;
        using var file = JsonDocument.Parse(credentials.FcmServiceAccountJson);
        var account = file.RootElement;
        ProjectId = Text(account, "project_id");
        clientEmail = Text(account, "client_email");
        statedAudience = Text(account, "token_uri");
        key.ImportFromPem(Text(account, "private_key"));
    }

    public string ProjectId { get; }

    /// The simulator's own token endpoint, known once it listens. An assertion for the token_uri that the account came with is as good.
    public string? Audience { get; set; }

    internal readonly record struct Grant(string? AccessToken, string? Error, string? Why);

    public Grant Exchange(string assertion)
    {
        if (SignedToken.Parse(assertion) is not { } token) return Refused("invalid_grant", "Bad assertion");
        if (SignedToken.Text(token.Claims, "iss") != clientEmail) return Refused("invalid_grant", "Account not found");
        if (SignedToken.Text(token.Header, "alg") != "RS256" || !Signed(token)) return Refused("invalid_grant", "Invalid JWT Signature");
        var audience = SignedToken.Text(token.Claims, "aud");
        if (audience is null || (audience != Audience && audience != statedAudience)) return Refused("invalid_grant", "Wrong audience");
        if (!Timely(token)) return Refused("invalid_grant", "Check your iat and exp values in the JWT claim");
        var scopes = SignedToken.Text(token.Claims, "scope")?.Split(' ') ?? [];
        if (!scopes.Contains(MessagingScope) && !scopes.Contains(CloudScope)) return Refused("invalid_scope", "Invalid scope");

        var access = "ya29." + RandomNumberGenerator.GetHexString(64, lowercase: true);
        expiries[access] = clock.GetUtcNow() + TimeSpan.FromSeconds(LifetimeSeconds);
        return new Grant(access, null, null);
    }

    public bool Valid(string? authorization)
    {
        const string scheme = "Bearer ";
        return authorization is not null
            && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && expiries.TryGetValue(authorization[scheme.Length..], out var expiry)
            && clock.GetUtcNow() < expiry;
    }

    private bool Signed(SignedToken token)
    {
        lock (key) return key.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private bool Timely(SignedToken token)
    {
        if (token.Seconds("iat") is not { } iat || token.Seconds("exp") is not { } exp) return false;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return exp > now && iat <= now + Skew.TotalSeconds && exp - iat is > 0 and var life && life <= LongestAssertion.TotalSeconds;
    }

    private static Grant Refused(string error, string why) => new(null, error, why);

    private static string Text(JsonElement account, string name) =>
        account.TryGetProperty(name, out var value) && value.GetString() is { } text
            ? text
            : throw new InvalidDataException($"the service account has no {name}");

    public void Dispose() => key.Dispose();
}
