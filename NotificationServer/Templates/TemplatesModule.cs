using NotificationServer.Templates.Shared;

namespace NotificationServer.Templates;

internal static class TemplatesModule
{
    public static void AddTemplates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TemplatesOptions>().BindConfiguration(TemplatesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<TemplateCatalog>();
        builder.Services.AddSingleton<TrackingSwitches>();
        builder.Services.AddSingleton<PublishGate>();
        builder.Services.AddSingleton<TemplateStore>();
        builder.Services.AddSingleton<Preview.Previewer>();
        builder.Services.AddSingleton<Lint.LintReader>();
        builder.Services.AddSingleton<TemplateList>();
        builder.Services.AddSingleton<PartialStore>();
        builder.Services.AddSingleton<PartialRollOut>();
    }
}
