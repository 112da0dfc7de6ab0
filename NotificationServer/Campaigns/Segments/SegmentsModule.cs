namespace NotificationServer.Campaigns.Segments;

internal static class SegmentsModule
{
    public static void AddSegments(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<Audiences>();
}
