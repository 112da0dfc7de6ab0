namespace NotificationServer.Clients;

internal static class ClientsModule
{
    public static void AddClients(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<ApiKeyStore>();
}
