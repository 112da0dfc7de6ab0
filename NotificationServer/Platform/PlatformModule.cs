using Microsoft.Extensions.Options;

namespace NotificationServer.Platform;

internal static class PlatformModule
{
    public static void AddPlatform(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        // The connection string is read inside the factory, so that a test host can still replace it.
        services.AddSingleton(provider => PostgresSource.Create(
            provider.GetRequiredService<IConfiguration>().GetConnectionString("Default") ?? "",
            provider.GetRequiredService<IOptions<DatabaseOptions>>().Value,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(Migration.Embedded);
        services.AddSingleton<Migrator>();
        services.AddHostedService<DatabaseStartup>();
    }

    public static void MapPlatform(this WebApplication app)
    {
    }
}
