namespace NotificationServer.Delivery;

internal static class DeliveryModule
{
    public static void AddDelivery(this IHostApplicationBuilder builder)
    {
    }
}
