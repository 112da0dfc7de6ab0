using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NotificationServer.Channels;
using NotificationServer.Simulator.WebPush;

namespace NotificationServer.Tests.Channels.Push.WebPush;

/// A push service on loopback, and the provider that knows its host and has the keys of the vectors.
internal sealed class WebPushHost : IAsyncDisposable
{
    public const string Path = "/wpush/v2/gAAAAABl0token";

    private static readonly Vector Keys = Vector.Load("webpush-aes128gcm-vapid");

    private readonly ChannelsHost channels;

    private WebPushHost(VendorServer server, ChannelsHost channels) => (Server, this.channels) = (server, channels);

    public VendorServer Server { get; }
    public IProvider<PushMessage> WebPush => channels.Provider<PushMessage>();

    public static async Task<WebPushHost> StartAsync(TimeProvider? clock = null, Dictionary<string, string?>? settings = null)
    {
        var server = await VendorServer.StartAsync(HttpProtocols.Http1AndHttp2, TestRoot.ServerCertificate);
        server.Answer = _ => new VendorAnswer(201, Headers: new Dictionary<string, string> { ["location"] = "/m/1" });
        var all = Settings(server.Address);
        foreach (var (name, value) in settings ?? []) all["Channels:WebPush:" + name] = value;
        return new WebPushHost(server, new ChannelsHost(all, clock));
    }

    public static Dictionary<string, string?> Settings(Uri address) => new()
    {
        ["Channels:WebPush:Subject"] = Keys.Inputs["vapid"]!["subject"]!.GetValue<string>(),
        ["Channels:WebPush:PublicKey"] = Keys.Inputs["vapid"]!["publicKey"]!.GetValue<string>(),
        ["Channels:WebPush:PrivateKey"] = Keys.Inputs["vapid"]!["privateKey"]!.GetValue<string>(),
        ["Channels:WebPush:MoreHosts:0"] = address.Authority,
    };

    public PushMessage Message(string? body = "There") => MessageTo(new Uri(Server.Address, Path).ToString(), body);

    public static PushMessage MessageTo(string endpoint, string? body = "There") => new()
    {
        Id = Guid.CreateVersion7(),
        Channel = Channel.WebPush,
        Token = Subscription(endpoint),
        PushProvider = "webpush",
        Body = body,
    };

    public static string Subscription(string endpoint) =>
        JsonSerializer.Serialize(new { endpoint, keys = Keys.Inputs["subscription"]!["keys"] });

    /// What the subscriber of the vectors reads.
    public static string Decrypted(byte[] body)
    {
        var keys = Keys.Inputs["subscription"]!["keys"]!;
        using var browser = new UserAgent(Keys.Input("userAgentPrivateKey"), keys["p256dh"]!.GetValue<string>(), keys["auth"]!.GetValue<string>());
        return Encoding.UTF8.GetString(browser.Decrypt(body) ?? throw new InvalidOperationException("not readable for the subscriber"));
    }

    /// The claims of a VAPID token, after its signature was verified with the key that it names.
    public static (JsonNode Claims, string Key) VerifiedClaims(string authorization)
    {
        var (token, publicKey) = (authorization["vapid t=".Length..authorization.IndexOf(',', StringComparison.Ordinal)], authorization[(authorization.IndexOf("k=", StringComparison.Ordinal) + 2)..]);
        var parts = token.Split('.');
        var point = Base64Url.DecodeFromChars(publicKey);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal("""{"typ":"JWT","alg":"ES256"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        return (JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!, publicKey);
    }

    public async ValueTask DisposeAsync()
    {
        await channels.DisposeAsync();
        await Server.DisposeAsync();
    }
}
