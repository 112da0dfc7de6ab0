using NotificationServer.Benchmarks.Faults;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Faults;

/// One arena for the scenarios of a class, on the PostgreSQL of the test run.
public sealed class ArenaFixture : IAsyncLifetime
{
    internal Arena Arena { get; private set; } = null!; // xunit initialises before any test

    public async Task InitializeAsync() =>
        Arena = await Arena.StartAsync(new ArenaOptions { Scale = Scale.Small, Postgres = PostgresServer.AdminConnectionString }, CancellationToken.None);

    public async Task DisposeAsync() => await Arena.DisposeAsync();
}

/// The same with a PostgreSQL of its own, which may be stopped, crashed and starved.
public sealed class CrashableArenaFixture : IAsyncLifetime
{
    internal Arena Arena { get; private set; } = null!; // xunit initialises before any test

    public async Task InitializeAsync() => Arena = await Arena.StartAsync(new ArenaOptions { Scale = Scale.Small }, CancellationToken.None);

    public async Task DisposeAsync() => await Arena.DisposeAsync();
}
