using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Http;
using NotificationServer.Clients;
using NotificationServer.Platform;

namespace NotificationServer.Api.Auth;

internal sealed record VerifiedKey(Caller Caller, AuthenticationTicket Ticket, DateTimeOffset? ExpiresAt, KeyNetworks Networks);

/// Believes a key for a short while after the database confirmed it. A burst of requests with one key asks the database once.
internal sealed class ApiKeyVerifier(ApiKeyStore store, ApiKeyUse use, ServerSecrets secrets, IOptions<ApiOptions> options, TimeProvider clock)
{
    /// Far more than there are good keys; only good ones stay in.
    private const int CacheLimit = 10_000;

    private static readonly byte[] NoDigest = new byte[HMACSHA256.HashSizeInBytes];
    private readonly ConcurrentDictionary<string, Entry> cache = new(StringComparer.Ordinal);

    public async ValueTask<VerifiedKey?> VerifyAsync(ReadOnlyMemory<char> text, CancellationToken ct)
    {
        if (!ApiKeyText.TryParse(text.Span, out var key))
            return null;

        // The cache knows keys by a hash, so that a dump of this process's memory holds none.
        var name = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(key.Secret)));
        var verified = await Fresh(name, key).Answer.Value.WaitAsync(ct);
        return verified is { ExpiresAt: { } end } && end <= clock.GetUtcNow() ? null
            : verified?.Caller.KeyId == key.Id && verified.Caller.Sandbox == key.Sandbox ? verified : null;
    }

    private Entry Fresh(string name, ApiKeyText key)
    {
        if (cache.TryGetValue(name, out var entry) && clock.GetElapsedTime(entry.At) < options.Value.KeyCache)
            return entry;

        if (cache.Count > CacheLimit)
            cache.Clear();
        var mine = new Entry(clock.GetTimestamp(), new Lazy<Task<VerifiedKey?>>(() => AskAsync(name, key)));
        if (entry is null)
            return cache.GetOrAdd(name, mine);
        return cache.TryUpdate(name, mine, entry) ? mine : cache.GetOrAdd(name, mine);
    }

    private async Task<VerifiedKey?> AskAsync(string name, ApiKeyText key)
    {
        var known = false;
        try
        {
            // Many requests wait for this one answer, so no single one may cancel it; the command has a time limit of its own.
            var row = await store.FindAsync(key.Id, CancellationToken.None);
            // An unknown id costs the same work as a wrong secret.
            var matches = CryptographicOperations.FixedTimeEquals(key.Digest(secrets.Get(ApiKeyStore.Pepper)), row?.Digest ?? NoDigest);
            if (!matches || row is null || !row.Live || row.Sandbox != key.Sandbox)
                return null;

            known = true;
            use.Note(row.Id);
            var caller = new Caller(row.ClientId, row.ClientName, row.Id, row.Sandbox, row.Scopes.ToHashSet(StringComparer.Ordinal)) { RateLimit = row.RateLimit };
            return new VerifiedKey(caller, ApiKeyHandler.TicketFor(caller), row.ExpiresAt, new KeyNetworks(row.Networks));
        }
        finally
        {
            if (!known)
                cache.TryRemove(name, out _);
        }
    }

    private sealed record Entry(long At, Lazy<Task<VerifiedKey?>> Answer);
}
