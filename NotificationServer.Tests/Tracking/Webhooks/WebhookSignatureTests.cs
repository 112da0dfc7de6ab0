using System.Diagnostics;
using System.Text;
using NotificationServer.Tests.Channels;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Tests.Tracking.Webhooks;

/// What others made of the same secret, id, time and body. The file was written by the reference library for JavaScript.
public sealed class WebhookSignatureTests
{
    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Vector.Read("standard-webhooks-signatures")["cases"]!.AsArray().Count)];

    [Theory, MemberData(nameof(Cases))]
    public async Task Our_signature_is_the_reference_library_s_and_openssl_s(int index)
    {
        var one = Vector.Read("standard-webhooks-signatures")["cases"]![index]!;
        string Text(string name) => one[name]!.GetValue<string>();
        var (secret, timestamp, body) = (Convert.FromBase64String(Text("secret")["whsec_".Length..]), one["timestamp"]!.GetValue<long>(), Text("body"));

        var ours = WebhookSignature.Of([secret], Text("id"), timestamp, Encoding.UTF8.GetBytes(body));

        Assert.Equal(Text("signature"), ours);
        if (await OpenSslAsync(secret, $"{Text("id")}.{timestamp}.{body}") is { } theirs) Assert.Equal(theirs, ours);
        Assert.Equal($"{ours} {ours}", WebhookSignature.Of([secret, secret], Text("id"), timestamp, Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void A_new_secret_has_the_form_that_receivers_libraries_read()
    {
        var secret = WebhookSecrets.Create();

        Assert.Equal(32, secret.Length);
        Assert.Equal(secret, Convert.FromBase64String(WebhookSecrets.Reveal(secret)["whsec_".Length..]));
        Assert.NotEqual(secret, WebhookSecrets.Create());
    }

    /// Null: there is no openssl here.
    internal static async Task<string?> OpenSslAsync(byte[] secret, string said)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "openssl")))) return null;
        var start = new ProcessStartInfo("openssl", ["dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexString(secret)}", "-binary"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        using var openssl = Process.Start(start)!; // it is there
        await openssl.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(said));
        openssl.StandardInput.Close();
        using var digest = new MemoryStream();
        await openssl.StandardOutput.BaseStream.CopyToAsync(digest);
        await openssl.WaitForExitAsync();
        return "v1," + Convert.ToBase64String(digest.ToArray());
    }
}
