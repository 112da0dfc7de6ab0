using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NotificationServer.Channels.Push.Apns;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels;

internal static class ChannelsModule
{
    public static void AddChannels(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ChannelsOptions>().BindConfiguration(ChannelsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WireClients>();

        services.AddSingleton<ApnsTokens>();
        services.AddVendor<PushMessage, ApnsProvider, ApnsOptions>(ApnsOptions.Section);
    }

    private static void AddVendor<TMessage, TProvider, TOptions>(this IServiceCollection services, string section)
        where TMessage : OutboundMessage where TProvider : class, IProvider<TMessage> where TOptions : VendorOptions
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TProvider>();
        services.AddSingleton(all => new ProviderSlot<TMessage>(
            all.GetRequiredService<IOptions<TOptions>>().Value.IsConfigured ? all.GetRequiredService<TProvider>() : null));
    }
}
