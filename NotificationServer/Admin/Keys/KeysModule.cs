using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Keys;

internal static class KeysModule
{
    public static void AddKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("NotificationServer");
        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource, ServerSecrets>((options, db, secrets) =>
        {
            options.XmlRepository = new KeyRing(db);
            options.XmlEncryptor = new KeyEncryptor(secrets);
        });
    }
}
