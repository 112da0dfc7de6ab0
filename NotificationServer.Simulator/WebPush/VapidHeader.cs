using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Simulator.WebPush;

/// Judges the `vapid t=..., k=...` of a request. Each distinct token is verified once, its claims at each request.
internal sealed class VapidHeader(string publicKey, TimeProvider clock)
{
    private const int Remembered = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, SignedToken> verified = new(StringComparer.Ordinal);

    /// Null: the sender whom the subscription was made for.
    public string? Refusal(string? authorization, string origin)
    {
        if (authorization is null || !authorization.StartsWith("vapid ", StringComparison.OrdinalIgnoreCase)) return "no vapid scheme";
        if (!verified.TryGetValue(authorization, out var token))
        {
            if (Verified(authorization["vapid ".Length..]) is not { } good) return "bad signature, or not the key of the subscription";
            if (verified.Count >= Remembered) verified.Clear();
            token = verified[authorization] = good;
        }

        var left = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(token.Seconds("exp") ?? 0, 0, 253402300799)) - clock.GetUtcNow();
        if (left <= TimeSpan.Zero || left > Longest) return "exp has passed, or is over a day ahead";
        if (SignedToken.Text(token.Claims, "aud") != origin) return "aud is not the origin of the endpoint";
        return SignedToken.Text(token.Claims, "sub") is { } contact
            && (contact.StartsWith("mailto:", StringComparison.Ordinal) || contact.StartsWith("https:", StringComparison.Ordinal)) ? null : "sub is no contact";
    }

    private SignedToken? Verified(string parameters)
    {
        var parts = parameters.Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .ToLookup(part => part[0], part => part[1]);
        if (parts["t"].Count() != 1 || parts["k"].Count() != 1 || parts["k"].Single() != publicKey) return null;
        if (SignedToken.Parse(parts["t"].Single()) is not { } token || SignedToken.Text(token.Header, "alg") != "ES256") return null;
        var point = Base64Url.DecodeFromChars(publicKey);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        return token.Signature.Length == 64 && key.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256) ? token : null;
    }
}
