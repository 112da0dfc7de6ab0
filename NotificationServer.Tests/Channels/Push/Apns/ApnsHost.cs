using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.Apns;

/// APNs on loopback, and the provider that is configured for it with the keys of the vectors.
internal sealed class ApnsHost : IAsyncDisposable
{
    private static readonly Vector Keys = Vector.Load("apns-alert");

    private readonly ChannelsHost channels;

    private ApnsHost(VendorServer server, ChannelsHost channels) => (Server, this.channels) = (server, channels);

    public VendorServer Server { get; }
    public IProvider<PushMessage> Apns => channels.Provider<PushMessage>();

    public static async Task<ApnsHost> StartAsync(TimeProvider? clock = null)
    {
        var server = await VendorServer.StartHttp2Async();
        server.Answer = request => new VendorAnswer(200, Headers: new Dictionary<string, string> { ["apns-id"] = request.Headers["apns-id"] });
        return new ApnsHost(server, new ChannelsHost(Settings(server.Address), clock));
    }

    public static Dictionary<string, string?> Settings(Uri address) => new()
    {
        ["Channels:Apns:BaseAddress"] = address.ToString(),
        ["Channels:Apns:KeyId"] = Keys.Input("keyId"),
        ["Channels:Apns:TeamId"] = Keys.Input("teamId"),
        ["Channels:Apns:PrivateKeyFile"] = TestRoot.Write("ns-test-apns-", Keys.Input("privateKeyPem")),
        ["Channels:Apns:Topic"] = "com.example.app",
    };

    public static PushMessage Message(string? body = "x") => new()
    {
        Id = Guid.CreateVersion7(),
        Channel = Channel.IosPush,
        Token = Keys.Input("deviceToken"),
        PushProvider = "apns",
        Body = body,
    };

    /// The claims of a provider token, after its signature was verified with the vector's public key.
    public static JsonNode VerifiedClaims(string authorization)
    {
        var parts = authorization["bearer ".Length..].Split('.');
        using var key = ECDsa.Create();
        key.ImportFromPem(Keys.Input("publicKeyPem"));
        var signature = Base64Url.DecodeFromChars(parts[2]);
        Assert.Equal(64, signature.Length);
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256));
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        Assert.Equal(("ES256", Keys.Input("keyId")), (header["alg"]!.GetValue<string>(), header["kid"]!.GetValue<string>()));
        return JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
    }

    public async ValueTask DisposeAsync()
    {
        await channels.DisposeAsync();
        await Server.DisposeAsync();
    }
}
