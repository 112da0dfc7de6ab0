using System.ComponentModel;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

/// What a template itself says of tracking. It is no part of a version: it counts at once, also for what was accepted before.
public sealed record TemplateTracking(
    [property: Description("Whether its mails tell that they were opened; null: as the server's option says, and never for the class critical")] bool? Opens = null,
    [property: Description("Whether the links in its mails and texts tell that they were followed; null: likewise")] bool? Clicks = null)
{
    internal static TemplateTracking Of(StoredTemplate template) => new(template.TrackOpens, template.TrackClicks);

    internal static TrackingSwitch ToSwitch(TemplateTracking? tracking) => new(tracking?.Opens, tracking?.Clicks);
}
