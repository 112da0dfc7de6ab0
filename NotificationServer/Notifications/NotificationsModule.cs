using NotificationServer.Queue;

namespace NotificationServer.Notifications;

internal static class NotificationsModule
{
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<IntakeOptions>()
            .BindConfiguration(IntakeOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<Preparation>();
        builder.Services.AddSingleton<IntakeBounds>();
        builder.Services.AddSingleton<NotificationIntake>();
        builder.Services.AddSingleton<BatchIntake>();
        builder.Services.AddSingleton<BatchWriter>();
        builder.Services.AddSingleton<Explanation>();
        builder.Services.AddSingleton<TestSend>();
        builder.Services.AddSingleton<ISweep, KeyRetention>();
        builder.Services.AddSingleton<IntakeWriter>();
        builder.Services.AddSingleton<IntakeQueue>();
        builder.Services.AddHostedService(services => services.GetRequiredService<IntakeQueue>());
    }
}
