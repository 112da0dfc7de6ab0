namespace NotificationServer.Notifications;

internal static class NotificationsModule
{
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<IntakeOptions>()
            .BindConfiguration(IntakeOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<NotificationIntake>();
        builder.Services.AddSingleton<IntakeWriter>();
        builder.Services.AddSingleton<IntakeQueue>();
        builder.Services.AddHostedService(services => services.GetRequiredService<IntakeQueue>());
    }
}
