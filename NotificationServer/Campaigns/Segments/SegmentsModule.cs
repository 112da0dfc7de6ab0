namespace NotificationServer.Campaigns.Segments;

internal static class SegmentsModule
{
    public static void AddSegments(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SegmentOptions>().BindConfiguration(SegmentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Audiences>();
        services.AddSingleton<AudienceReader>();
        services.AddSingleton<SegmentRules>();
        services.AddSingleton<SegmentStore>();
        services.AddSingleton<SegmentMembers>();
    }
}
