using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Example;

internal static class PostbirdModule
{
    public static void AddPostbird(this IServiceCollection services) =>
        services.AddVendor<SmsMessage, PostbirdProvider, PostbirdOptions>(PostbirdOptions.Section);
}
