using Microsoft.AspNetCore.Authentication;
using NotificationServer.Platform;
using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Choices;
using NotificationServer.Tracking.Pages;
using NotificationServer.Tracking.Unsubscribe;

namespace NotificationServer.Tracking;

internal static class TrackingModule
{
    public static void AddTracking(this IHostApplicationBuilder builder)
    {
        if (!builder.Plays(NodeRole.Api)) return;
        builder.Services.AddSingleton<PersonalPage>();
        builder.Services.AddSingleton<ChoiceReader>();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SignedLinkHandler>(SignedLinkHandler.Scheme, null);
    }

    public static void MapTracking(this WebApplication app)
    {
        if (!app.Plays(NodeRole.Api)) return;
        PreferencePage.Map(Links(app, "/p/{token}", LinkPurpose.Preferences));
        OneClick.Map(Links(app, "/u/{token}", LinkPurpose.Unsubscribe));
    }

    /// What a person opens from a message: the link itself is what lets them in.
    private static RouteGroupBuilder Links(WebApplication app, string path, LinkPurpose purpose)
    {
        var group = app.MapGroup(path);
        group.RequireAuthorization(policy => policy.AddAuthenticationSchemes(SignedLinkHandler.Scheme).RequireAuthenticatedUser());
        group.WithMetadata(new LinkFor(purpose));
        group.ExcludeFromDescription();
        group.AddEndpointFilter<TryLater>();
        return group;
    }
}
