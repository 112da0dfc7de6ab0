using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.Fcm;

/// FCM and Google's token endpoint on loopback, and the provider that is configured for them with the vectors' account.
internal sealed class FcmHost : IAsyncDisposable
{
    private static readonly Vector Keys = Vector.Load("fcm-oauth-and-send-token");

    private readonly ChannelsHost channels;

    private FcmHost(VendorServer server, VendorServer google, ChannelsHost channels) =>
        (Server, Google, this.channels) = (server, google, channels);

    public VendorServer Server { get; }
    public VendorServer Google { get; }
    public Uri TokenUri => new(Google.Address, "/token");
    public IProvider<PushMessage> Fcm => channels.Provider<PushMessage>();

    public static async Task<FcmHost> StartAsync(TimeProvider? clock = null)
    {
        var (server, google) = (await VendorServer.StartHttp2Async(), await VendorServer.StartHttp1Async());
        google.Answer = _ => Keys[0].Answer;
        server.Answer = _ => Keys[1].Answer;
        return new FcmHost(server, google, new ChannelsHost(Settings(server.Address, new Uri(google.Address, "/token")), clock));
    }

    public static Dictionary<string, string?> Settings(Uri address, Uri tokenUri)
    {
        var account = Keys.Inputs["serviceAccountJson"]!.DeepClone();
        account["token_uri"] = tokenUri.ToString();
        return new Dictionary<string, string?>
        {
            ["Channels:Fcm:BaseAddress"] = address.ToString(),
            ["Channels:Fcm:ServiceAccountFile"] = TestRoot.Write("ns-test-fcm-", account.ToJsonString()),
        };
    }

    public static PushMessage Message(Channel channel = Channel.AndroidPush) => new()
    {
        Id = Guid.CreateVersion7(),
        Channel = channel,
        Token = "bk3RNwTe3H0:CI2k_HHwgIpoDKCIZvvDMExUdFQ3P1",
        PushProvider = "fcm",
        Title = "t",
    };

    /// Header and claims of the assertion, after its signature was verified with the vector's public key.
    public static (JsonNode Header, JsonNode Claims) Verified(string assertion)
    {
        var parts = assertion.Split('.');
        using var key = RSA.Create();
        key.ImportFromPem(Keys.Input("publicKeyPem"));
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return (JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!, JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!);
    }

    public async ValueTask DisposeAsync()
    {
        await channels.DisposeAsync();
        await Server.DisposeAsync();
        await Google.DisposeAsync();
    }
}
