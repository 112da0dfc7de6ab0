namespace NotificationServer.Templates;

internal static class TemplatesModule
{
    public static void AddTemplates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TemplatesOptions>().BindConfiguration(TemplatesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<TemplateCatalog>();
        builder.Services.AddSingleton<TrackingSwitches>();
        builder.Services.AddSingleton<TemplateStore>();
    }
}
