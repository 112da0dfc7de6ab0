using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NotificationServer.Channels.Push.WebPush;
using NotificationServer.Simulator.WebPush;

namespace NotificationServer.Tests.Channels.Push.WebPush;

public sealed class WebPushEncryptionTests
{
    private static readonly JsonNode Cases = Vector.Read("webpush-encryption-steps")["cases"]!;

    public static TheoryData<string> Names => [.. Cases.AsArray().Select(one => one!["name"]!.GetValue<string>())];

    [Theory, MemberData(nameof(Names))]
    public void With_the_keys_of_the_vector_every_byte_is_the_vectors(string name)
    {
        var (inputs, steps, expected) = (Case(name)["inputs"]!, Case(name)["steps"]!, Case(name)["bodyBase64Url"]!.GetValue<string>());
        using var ours = Key(inputs, "applicationServerPrivateKey", "applicationServerPublicKey");
        var salt = Bytes(inputs, "salt");

        var keys = WebPushEncryption.Derive(To(inputs), ours, WebPushEncryption.PublicKey(ours), salt);
        var body = WebPushEncryption.Encrypt(
            Encoding.UTF8.GetBytes(Text(inputs, "plaintext")), To(inputs), ours, salt, inputs["paddingZeroBytes"]!.GetValue<int>());

        Assert.Equal(Text(inputs, "applicationServerPublicKey"), Base64Url.EncodeToString(WebPushEncryption.PublicKey(ours)));
        Assert.Equal(Text(steps, "contentEncryptionKey"), Base64Url.EncodeToString(keys.Content));
        Assert.Equal(Text(steps, "nonce"), Base64Url.EncodeToString(keys.Nonce));
        Assert.Equal(expected, Base64Url.EncodeToString(body));
        Assert.Equal(WebPushEncryption.Overhead, Case(name)["overhead"]!.GetValue<int>());
    }

    [Theory, MemberData(nameof(Names))]
    public void The_subscriber_reads_what_stands_in_the_vector(string name)
    {
        var inputs = Case(name)["inputs"]!;
        using var browser = Browser(inputs);

        Assert.Equal(Text(inputs, "plaintext"), Encoding.UTF8.GetString(browser.Decrypt(Base64Url.DecodeFromChars(Case(name)["bodyBase64Url"]!.GetValue<string>()))!));
    }

    [Fact]
    public void Two_messages_share_neither_key_nor_salt_and_the_subscriber_reads_both()
    {
        var inputs = Case("json-unicode")["inputs"]!;
        using var browser = Browser(inputs);
        var plaintext = Encoding.UTF8.GetBytes(Text(inputs, "plaintext"));

        byte[][] bodies = [WebPushEncryption.Encrypt(plaintext, To(inputs)), WebPushEncryption.Encrypt(plaintext, To(inputs))];

        Assert.All(bodies, body => Assert.Equal(plaintext, browser.Decrypt(body)));
        Assert.NotEqual(bodies[0][..16], bodies[1][..16]);
        Assert.NotEqual(bodies[0][21..86], bodies[1][21..86]);
    }

    [Fact]
    public void A_touched_message_cannot_be_read()
    {
        var inputs = Case("json-unicode")["inputs"]!;
        using var browser = Browser(inputs);
        var body = WebPushEncryption.Encrypt("x"u8, To(inputs));

        body[^1] ^= 1;

        Assert.Null(browser.Decrypt(body));
    }

    private static JsonNode Case(string name) => Cases.AsArray().Single(one => one!["name"]!.GetValue<string>() == name)!;

    private static Subscription To(JsonNode inputs) => new(new Uri("https://push.example.net/x"), Bytes(inputs, "p256dh"), Bytes(inputs, "auth"));

    private static UserAgent Browser(JsonNode inputs) => new(Text(inputs, "userAgentPrivateKey"), Text(inputs, "p256dh"), Text(inputs, "auth"));

    private static ECDiffieHellman Key(JsonNode inputs, string privateKey, string publicKey) =>
        ECDiffieHellman.Create(Subscription.Parameters(Bytes(inputs, publicKey)) with { D = Bytes(inputs, privateKey) });

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static byte[] Bytes(JsonNode node, string name) => Base64Url.DecodeFromChars(Text(node, name));
}
