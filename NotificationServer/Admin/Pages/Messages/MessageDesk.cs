using NotificationServer.Admin.Pages.Failures;

namespace NotificationServer.Admin.Pages.Messages;

/// What the pages of failures and messages are made with.
internal static class MessageDesk
{
    public static void AddMessageDesk(this IServiceCollection services)
    {
        services.AddScoped<MessageFinder>();
        services.AddScoped<MessageLists>();
        services.AddScoped<CampaignNames>();
        services.AddScoped<StoryReader>();
        services.AddScoped<MessageContent>();
        services.AddScoped<ContentDoor>();
        services.AddScoped<Obstacles>();
    }
}
