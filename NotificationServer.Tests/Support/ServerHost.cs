using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Http;
using NotificationServer.Clients;
using NotificationServer.Platform;

namespace NotificationServer.Tests.Support;

/// The whole server in this process, on a real port and a database of its own: `IClassFixture&lt;ServerHost&gt;`, or made by hand where a
/// test wants another environment, other settings, or a second node on the database of the first.
public sealed class ServerHost : IAsyncLifetime, IAsyncDisposable
{
    private static readonly string[] Secrets = ["api_key_pepper", "cursor_key", "data_protection_key", "recipient_key"];
    private readonly string environment;
    private readonly IReadOnlyDictionary<string, string?> settings;
    private readonly Database? borrowed;
    private readonly string dataDirectory = Directory.CreateTempSubdirectory("ns_test_").FullName;
    private readonly List<HttpClient> clients = [];
    private Factory? factory;

    public ServerHost() : this(Environments.Development)
    {
    }

    internal ServerHost(string environment, IReadOnlyDictionary<string, string?>? settings = null, Database? database = null)
    {
        this.environment = environment;
        this.settings = settings ?? new Dictionary<string, string?>();
        borrowed = database;
        Database = database ?? new Database();
    }

    public Database Database { get; }

    /// What this build knows of the schema, where it is to be another than ours.
    internal IReadOnlyList<Migration> Migrations { get; init; } = Migration.Embedded;

    internal LogBook Log { get; } = new();

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// Holds a key with every scope.
    public HttpClient Client { get; private set; } = new();

    public IServiceProvider Services => factory?.Services ?? throw new InvalidOperationException("Not started");

    internal static async Task<ServerHost> StartAsync(
        string environment, IReadOnlyDictionary<string, string?>? settings = null, Database? database = null)
    {
        var host = new ServerHost(environment, settings, database);
        await host.InitializeAsync();
        return host;
    }

    public async Task InitializeAsync()
    {
        if (borrowed is null)
            await Database.InitializeAsync();
        factory = new Factory(this);
        factory.UseKestrel(0);
        factory.StartServer();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()); // Kestrel always says
        Client = await ClientWithAsync(Scopes.All);
    }

    public async Task<string> KeyAsync(
        IReadOnlyCollection<string>? scopes = null, string client = "test", bool sandbox = false, DateTimeOffset? expiresAt = null)
    {
        var key = await Services.GetRequiredService<ApiKeyStore>()
            .IssueAsync(client, "test", scopes ?? Scopes.All, sandbox, expiresAt, CancellationToken.None);
        return key.Reveal();
    }

    public async Task<HttpClient> ClientWithAsync(params string[] scopes) => ClientFor(await KeyAsync(scopes));

    /// Null: a client without a key.
    public HttpClient ClientFor(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        clients.Add(client);
        return client;
    }

    public async Task DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        if (factory is not null)
            await factory.DisposeAsync();
        if (borrowed is null)
            await Database.DisposeAsync();
        await ServerFolder.DeleteAsync(dataDirectory);
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private sealed class Factory(ServerHost host) : ProgramFactory<ApiOptions>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(host.environment);
            builder.ConfigureLogging(logging => logging.AddProvider(host.Log));
            builder.UseSetting("ConnectionStrings:Default", host.Database.ConnectionString);
            builder.UseSetting("NS_DATA_DIR", host.dataDirectory);
            foreach (var secret in Secrets)
                builder.UseSetting($"Secrets:{secret}", Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));
            // Of a database that many tests share on a busy machine, an answer may take its time.
            builder.UseSetting("Database:ConnectTimeout", "00:00:20");
            builder.UseSetting("Database:CommandTimeout", "00:00:20");
            builder.UseSetting("Database:StatementTimeout", "00:00:30");
            builder.UseSetting("Health:DrainDelay", "00:00:00"); // nothing stands in front of it that would have to notice
            foreach (var (key, value) in host.settings)
                builder.UseSetting(key, value);
            builder.ConfigureTestServices(services => services.AddSingleton(host.Migrations));
            builder.ConfigureTestServices(QuickPasswords.Use);
        }
    }
}
