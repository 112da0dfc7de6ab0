namespace NotificationServer.Templates;

internal static class TemplatesModule
{
    public static void AddTemplates(this IHostApplicationBuilder builder)
    {
    }
}
