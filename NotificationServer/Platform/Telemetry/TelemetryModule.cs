namespace NotificationServer.Platform.Telemetry;

internal static class TelemetryModule
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<MetricBook>();
        services.AddSingleton<MetricsDoor>();
        services.AddSingleton<MetricsListener>();
        services.AddHostedService(all => all.GetRequiredService<MetricsListener>());
        services.AddHostedService<OtlpExport>();
    }

    /// Before everything else, so that it is asked for no key and refused by no rule about them.
    public static void MapTelemetry(this WebApplication app)
    {
        var door = app.Services.GetRequiredService<MetricsDoor>();
        if (door.IsOnServersPort) app.Use(next => http => http.Request.Path == MetricsDoor.Path ? door.AnswerAsync(http, isOwnPort: false) : next(http));
        if (app.Configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"] is { Length: > 0 })
            app.Use(next => http => RequestSpans.NameAsync(http, next));
    }
}
