using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;

namespace NotificationServer.Api.Auth;

/// How many lists, reports and estimates of one key run at once on this node. Each holds a connection of the pool for as long as it looks, and
/// a filter that fits nothing is looked for far: without this one key could hold all of them, and nobody's notification would be accepted. A few
/// more wait for their turn, which costs no connection; the rest are told to come again.
internal sealed class KeyReads(IOptions<ApiOptions> options) : IDisposable
{
    private const int WaitingForEach = 4;

    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetConcurrencyLimiter(key, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.ReadsAtOnce,
            QueueLimit = WaitingForEach * options.Value.ReadsAtOnce,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    public static Func<RequestDelegate, RequestDelegate> Middleware(KeyReads reads) => next => http =>
        http.GetEndpoint()?.Metadata.GetMetadata<ReadsFar>() is not null && http.Features.Get<Caller>() is { } caller ? reads.RunAsync(http, caller, next) : next(http);

    public void Dispose() => limiter.Dispose();

    private async Task RunAsync(HttpContext http, Caller caller, RequestDelegate next)
    {
        using var turn = await limiter.AcquireAsync(caller.KeyId, 1, http.RequestAborted);
        await (turn.IsAcquired ? next(http) : Problems.RateLimited(TimeSpan.FromSeconds(1)).ExecuteAsync(http));
    }
}

/// Marks an endpoint that may look at much for little: a list with filters, a report, an estimate.
internal sealed class ReadsFar
{
    public static ReadsFar Instance { get; } = new();
}
