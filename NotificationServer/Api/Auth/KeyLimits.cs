using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Api.Auth;

/// How much each key may ask. Every node has a bucket a key, filled at the key's limit divided by the nodes that answer, so that no
/// request asks anybody. A bucket has no window whose edge could let twice as much through: within any second at most the limit
/// plus <see cref="ApiOptions.RateBurst"/> of it passes. What may go wrong: a caller whose connections all lead to one of n nodes gets an
/// n-th of its limit, and for some seconds after a node came or went the sum is off by that node's share.
internal sealed class KeyLimits(NodeRegistry nodes, IOptions<ApiOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    public static Func<RequestDelegate, RequestDelegate> Middleware(KeyLimits limits) => next => http =>
    {
        if (http.Features.Get<Caller>() is not { } caller) return next(http);
        // An endpoint that costs what it carries is charged when that is known; until then it only must not be in debt.
        var cost = http.GetEndpoint()?.Metadata.GetMetadata<CostsItsItems>() is null ? 1 : 0;
        return limits.Charge(http, caller, cost) is { } limited ? limited.ExecuteAsync(http) : next(http);
    };

    /// Null: go on. A cost above what is left is let through once, and paid for before anything else is.
    public Problem? Charge(HttpContext http, Caller caller, int cost)
    {
        var limit = caller.RateLimit ?? options.Value.RateLimit;
        var rate = (double)limit / nodes.CountOf(NodeRole.Api);
        var most = Math.Max(1, rate * options.Value.RateBurst.TotalSeconds);
        var (allowed, left) = buckets.GetOrAdd(caller.KeyId, static (_, now) => new Bucket(now), clock.GetTimestamp()).Take(cost, rate, most, clock);

        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = Math.Max(0, (int)left).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = Math.Ceiling((most - left) / rate).ToString(CultureInfo.InvariantCulture);
        return allowed ? null : Problems.RateLimited(TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((1 - left) / rate))));
    }

    private sealed class Bucket(long made)
    {
        private readonly Lock gate = new();
        private long at = made;
        private double? left;

        public (bool Allowed, double Left) Take(int cost, double rate, double most, TimeProvider clock)
        {
            lock (gate)
            {
                var now = clock.GetTimestamp();
                var filled = Math.Min(most, (left ?? most) + (clock.GetElapsedTime(at, now).TotalSeconds * rate));
                at = now;
                var allowed = filled >= 1;
                left = allowed ? filled - cost : filled;
                return (allowed, left.Value);
            }
        }
    }
}

/// Marks an endpoint whose cost is what it carries; its handler charges it.
internal sealed class CostsItsItems
{
    public static CostsItsItems Instance { get; } = new();
}
