using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Bounces;
using NotificationServer.Tracking.Choices;
using NotificationServer.Tracking.Clicks;
using NotificationServer.Tracking.Engagement;
using NotificationServer.Tracking.Pages;
using NotificationServer.Tracking.Receipts;
using NotificationServer.Tracking.Unsubscribe;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Tracking;

internal static class TrackingModule
{
    public static void AddTracking(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EngagementOptions>().BindConfiguration(EngagementOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<EngagementWriter>();
        builder.Services.AddSingleton<ReceiptBook>();
        builder.AddBounces();
        builder.AddWebhooks();
        if (!builder.Plays(NodeRole.Api)) return;
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SignedReceiptHandler>(SignedReceiptHandler.Scheme, null);
        builder.Services.AddSingleton<PersonalPage>();
        builder.Services.AddSingleton<ChoiceReader>();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SignedLinkHandler>(SignedLinkHandler.Scheme, null);
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TrackedLinkHandler>(TrackedLinkHandler.Scheme, null);
        builder.Services.AddSingleton<EngagementIntake>();
        builder.Services.AddHostedService(all => all.GetRequiredService<EngagementIntake>());
    }

    /// Mails that came back are read where house is kept: by one node at a time, however many there are.
    private static void AddBounces(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BounceOptions>().BindConfiguration(BounceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<BounceDirectory>();
        if (builder.Plays(NodeRole.Scheduler)) builder.Services.AddHostedService(all => all.GetRequiredService<BounceDirectory>());
    }

    public static void MapTracking(this WebApplication app)
    {
        if (!app.Plays(NodeRole.Api)) return;
        TakeReceipts.Map(app);
        PreferencePage.Map(Links(app, "/p/{token}", LinkPurpose.Preferences));
        OneClick.Map(Links(app, "/u/{token}", LinkPurpose.Unsubscribe));
        FollowLink.Map(Tracked(app.MapGroup("/c/{token}"), TrackedBy.Click));
        ShowPixel.Map(Tracked(app.MapGroup("/o/{token}.gif"), TrackedBy.Pixel));
        if (app.Services.GetRequiredService<IOptions<LinkTrackingOptions>>().Value.ShortHost is { } host)
            FollowLink.MapShort(Tracked(app.MapGroup($"{host.AbsolutePath.TrimEnd('/')}/{{token}}").RequireHost(host.Host), TrackedBy.Short));
    }

    private static RouteGroupBuilder Tracked(RouteGroupBuilder group, TrackedBy by)
    {
        group.RequireAuthorization(policy => policy.AddAuthenticationSchemes(TrackedLinkHandler.Scheme).RequireAuthenticatedUser());
        group.WithMetadata(new TrackedLinkFor(by));
        group.ExcludeFromDescription();
        group.AddEndpointFilter<TryLater>();
        return group;
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
