using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Delivery;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Benchmarks.Parts;

/// The server's own walk in this process, without its front door: as it stands in Program.cs, but sending to a provider that
/// only counts, so that what is measured is the server and nothing beside it.
internal sealed class LocalNode : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string data;

    private LocalNode(WebApplication app, string data, CountingProvider provider) => (this.app, this.data, Provider) = (app, data, provider);

    public CountingProvider Provider { get; }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(app.Services);

    public static async Task<LocalNode> StartAsync(string connectionString, bool delivers, TimeSpan latency, CancellationToken ct)
    {
        var provider = new CountingProvider(latency);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var data = Directory.CreateTempSubdirectory("ns_bench_node_").FullName;
        builder.Configuration.AddInMemoryCollection(Settings(connectionString));
        builder.Configuration["NS_DATA_DIR"] = data;
        builder.AddPlatform();
        builder.AddNotifications();
        builder.AddRecipients();
        builder.AddTemplates();
        builder.AddQueue();
        if (delivers) builder.AddDelivery();
        builder.Services.AddSingleton(new ProviderSlot<PushMessage>(provider));
        builder.Services.AddSingleton(new ProviderSlot<SmsMessage>(provider));
        builder.Services.AddSingleton(new ProviderSlot<EmailMessage>(provider));
        builder.AddChannels();
        var app = builder.Build();
        await app.StartAsync(ct);
        return new LocalNode(app, data, provider);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    /// The same secrets for every node of a run: a key issued by one is good at all.
    public static string Secret(string name) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"benchmark {name}")));

    private static Dictionary<string, string?> Settings(string connectionString) => new()
    {
        ["ConnectionStrings:Default"] = connectionString,
        ["NS_PORT"] = "0",
        ["Logging:LogLevel:Default"] = "Warning",
        [$"Secrets:api_key_pepper"] = Secret("api_key_pepper"),
        [$"Secrets:cursor_key"] = Secret("cursor_key"),
        [$"Secrets:recipient_key"] = Secret("recipient_key"),
        [$"Secrets:data_protection_key"] = Secret("data_protection_key"),
    };
}
