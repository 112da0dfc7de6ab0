using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels;

/// The Channels folder put together as the server does it, with the settings of one test.
internal sealed class ChannelsHost : IAsyncDisposable
{
    private readonly IHost host;
    private bool isStarted;

    public ChannelsHost(Dictionary<string, string?> settings, TimeProvider? clock = null, NpgsqlDataSource? db = null, string environment = "Production")
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration["Channels:TrustedRootsFile"] ??= TestRoot.File;
        if (clock is not null) builder.Services.AddSingleton(clock);
        // Without a database of its own a test never opens a connection.
        builder.Services.AddSingleton(db ?? NpgsqlDataSource.Create("Host=127.0.0.1"));
        builder.Services.AddSingleton(new NotificationServer.Platform.DataDirectory(Path.GetTempPath()));
        builder.Services.AddSingleton<NotificationServer.Platform.ServerSecrets>();
        builder.AddChannels();
        host = builder.Build();
    }

    public IServiceProvider Services => host.Services;

    /// What the routes would send with; there must be exactly one for this kind of message.
    public IProvider<TMessage> Provider<TMessage>() where TMessage : OutboundMessage =>
        Services.GetServices<ProviderSlot<TMessage>>().Select(slot => slot.Provider).OfType<IProvider<TMessage>>().Single();

    /// Where there are several: the one that carries this kind of token.
    public IProvider<PushMessage> PushOf(string pushProvider) => Services.GetServices<ProviderSlot<PushMessage>>().Select(slot => slot.Provider)
        .OfType<IProvider<PushMessage>>().Single(provider => ChannelNames.All.Any(channel => provider.Carries(channel, pushProvider)));

    public async Task StartAsync()
    {
        await host.StartAsync();
        isStarted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (isStarted) await host.StopAsync();
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}

/// A clock that goes where the test says.
internal sealed class SteppedClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
