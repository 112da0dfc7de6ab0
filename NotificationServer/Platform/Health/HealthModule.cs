namespace NotificationServer.Platform.Health;

internal static class HealthModule
{
    /// Time for a send in flight to end and be recorded, before anything is cut off.
    private static readonly TimeSpan ToEndWhatIsUnderWay = TimeSpan.FromSeconds(40);

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddOptions<HealthOptions>().BindConfiguration(HealthOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IReadinessCheck, DatabaseTakesWrites>();
        services.AddSingleton<IReadinessCheck, SchemaIsCurrent>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<HealthPages>();
        services.AddSingleton<Drain>();
        services.AddSingleton<IStartupFilter>(all => all.GetRequiredService<Drain>());
        services.AddHostedService(all => all.GetRequiredService<Drain>());
        services.AddOptions<HostOptions>().Configure<Drain>((host, drain) => host.ShutdownTimeout = ToEndWhatIsUnderWay + drain.Delay);
    }

    public static void MapHealth(this WebApplication app) => app.Services.GetRequiredService<HealthPages>().Map(app);
}
