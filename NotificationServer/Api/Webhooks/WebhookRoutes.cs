using NotificationServer.Api.Auth;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

/// What service developers call to be called.
internal static class WebhookRoutes
{
    public const string Endpoints = "/webhook-endpoints";

    public static void Map(RouteGroupBuilder v1)
    {
        CreateWebhookEndpoint.Map(v1);
        ReadWebhookEndpoints.Map(v1);
        PatchWebhookEndpoint.Map(v1);
        DeleteWebhookEndpoint.Map(v1);
        RotateWebhookSecret.Map(v1);
        TestWebhookEndpoint.Map(v1);
        ReadWebhookDeliveries.Map(v1);
        ReplayWebhooks.Map(v1);
    }

    public static EndpointOwner Owner(this Caller caller) => new(caller.ClientId, caller.Sandbox, caller.Actor);
}
