using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Admin;

/// The whole server on a port of its own, over a fresh database: `IClassFixture&lt;AdminServer&gt;`.
public sealed class AdminServer : IAsyncLifetime
{
    private readonly Database database = new();
    private Host host = null!;                           // xunit calls InitializeAsync before any test

    public NpgsqlDataSource Db => database.Source;

    public IServiceProvider Services => host.Services;

    public Uri Address => host.ClientOptions.BaseAddress;

    public string Email => Services.GetRequiredService<DevelopmentFile>().Get("NS_ADMIN_EMAIL")!; // made at its start

    public string Password => Services.GetRequiredService<DevelopmentFile>().Get("NS_ADMIN_PASSWORD")!; // made at its start

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        host = new Host(database.ConnectionString, "Development");
        host.UseKestrel(0);
        host.StartServer();
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    internal AdminClient Client() => new(Address);

    internal async Task<AdminClient> SignedInAsync()
    {
        var client = Client();
        Assert.Equal(302, (int)(await client.SignInAsync(Email, Password)).StatusCode);
        return client;
    }

    /// Another node on the same database; in memory, so that it can be spoken to as if over HTTPS.
    internal Host AnotherNode(string environment, params (string Name, string Value)[] settings) => new(database.ConnectionString, environment, settings);

    internal sealed class Host(string connectionString, string environment, params (string Name, string Value)[] settings) : ProgramFactory<AdminOptions>
    {
        /// On a port of its own.
        public Uri Listen()
        {
            UseKestrel(0);
            StartServer();
            return ClientOptions.BaseAddress;
        }

        private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("ns-admin-tests-");

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("Health:DrainDelay", "00:00:00"); // nothing stands in front of it that would have to notice
            builder.UseSetting("ConnectionStrings:Default", connectionString);
            builder.UseSetting("NS_DATA_DIR", data.FullName);
            builder.UseSetting("Secrets:data_protection_key", Convert.ToBase64String(new byte[32]));
            builder.UseSetting("Secrets:api_key_pepper", Convert.ToBase64String(new byte[32]));
            builder.UseSetting("Secrets:cursor_key", Convert.ToBase64String(new byte[32]));
            builder.UseSetting("Secrets:recipient_key", Convert.ToBase64String(new byte[32]));
            builder.UseSetting("Admin:RecheckEvery", "00:00:00");
            foreach (var (name, value) in settings) builder.UseSetting(name, value);
            if (settings.All(setting => setting.Name != "Admin:PasswordIterations")) builder.ConfigureTestServices(QuickPasswords.Use);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await ServerFolder.DeleteAsync(data.FullName);
        }
    }
}
