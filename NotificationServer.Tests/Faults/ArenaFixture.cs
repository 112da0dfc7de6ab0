using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Tests.Faults;

/// One arena for all scenarios, with a PostgreSQL of its own that may be stopped, crashed and starved.
public sealed class ArenaFixture : IAsyncLifetime
{
    internal Arena Arena { get; private set; } = null!; // xunit initialises before any test

    public async Task InitializeAsync() => Arena = await Arena.StartAsync(new ArenaOptions { Scale = Scale.Small }, CancellationToken.None);

    public async Task DisposeAsync() => await Arena.DisposeAsync();
}
