using System.Collections.Concurrent;
using NotificationServer.Clients;
using Npgsql;

namespace NotificationServer.Api.Auth;

/// Notes when keys were last used, beside the requests and not within them. Losing a note is harmless.
internal sealed class ApiKeyUse(ApiKeyStore store, TimeProvider clock, ILogger<ApiKeyUse> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, byte> used = new(StringComparer.Ordinal);

    public void Note(string keyId) => used.TryAdd(keyId, 0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, clock, stoppingToken);
                await StepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; what was not noted yet is noted by the next use.
        }
    }

    internal async Task StepAsync(CancellationToken ct)
    {
        var ids = used.Keys.Where(id => used.TryRemove(id, out _)).ToArray();
        if (ids.Length == 0)
            return;

        try
        {
            await store.NoteUseAsync(ids, ct);
        }
        catch (NpgsqlException e)
        {
            Log.KeyUseNotNoted(log, e);
        }
    }
}
