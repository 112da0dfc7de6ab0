using NotificationServer.Clients;
using NotificationServer.Platform;

namespace NotificationServer.Api.Auth;

/// A new installation on a developer's machine can be called at once: there is a client, and a key for it in the development file.
internal sealed class DevelopmentKey(
    ApiKeyStore store, ApiKeyVerifier verifier, DevelopmentFile file, IHostEnvironment environment, ILogger<DevelopmentKey> log) : IHostedService
{
    private const string Client = "development";
    private const string Name = "NS_API_KEY";

    public async Task StartAsync(CancellationToken ct)
    {
        if (!environment.IsDevelopment())
            return;

        var current = file.Get(Name);
        if (current is not null && await verifier.VerifyAsync(current.AsMemory(), ct) is not null)
            return;

        var key = await store.IssueAsync(Client, "development", Scopes.All, sandbox: false, expiresAt: null, ct);
        file.Set(Name, key.Reveal());
        Log.KeyIssued(log, key.ToString(), Client);
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
}
