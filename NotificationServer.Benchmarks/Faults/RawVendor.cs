using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Benchmarks.Faults;

/// A provider's port behind which somebody says what no provider says, byte by byte.
internal sealed class RawVendor : IAsyncDisposable
{
    private const int Huge = 200 * 1024 * 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly X509Certificate2 certificate;
    private readonly Manner manner;
    private readonly Task accepting;
    private int requests;

    /// What it says, after how many of its bytes it becomes slow, and whether it begins again at the end.
    internal sealed record Manner(string Answer, int Promptly = int.MaxValue, bool ForEver = false);

    private RawVendor(X509Certificate2 certificate, Manner manner)
    {
        this.certificate = certificate;
        this.manner = manner;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Requests => Volatile.Read(ref requests);

    public static IReadOnlyDictionary<string, string> Nonsense { get; } = new Dictionary<string, string>
    {
        ["garbage"] = Say("200 OK", "<<<{\"sid\":"),
        ["a page"] = Say("200 OK", "<html><body>Welcome to the hotel's network</body></html>"),
        ["nothing"] = Say("200 OK", ""),
        ["204"] = "HTTP/1.1 204 No Content\r\n\r\n",
        ["a redirect"] = "HTTP/1.1 307 Temporary Redirect\r\nLocation: https://localhost:1/\r\nContent-Length: 0\r\n\r\n",
        ["a huge body"] = $"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {Huge}\r\n\r\n",
        ["no end of 100s"] = string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100)),
    };

    public static Manner HangsUp { get; } = new("");

    public static IReadOnlyDictionary<string, Manner> Slow { get; } = new Dictionary<string, Manner>
    {
        ["a slow header"] = new(Taken, Promptly: 10),
        ["a slow body"] = new(Taken, Promptly: Taken.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4),
        ["no end of 1xx"] = new("HTTP/1.1 103 Early Hints\r\n\r\n", Promptly: 0, ForEver: true),
    };

    public static RawVendor Trusted(string simulatorFolder, Manner manner) => new(PrivateAuthority.In(simulatorFolder).IssueForLoopback(), manner);

    /// One whose certificate nobody we trust has signed.
    public static RawVendor Impostor()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return new RawVendor(request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1)), new Manner(Say("201 Created", "{\"sid\":\"SM1\"}")));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Dispose();
        certificate.Dispose();
        stopping.Dispose();
    }

    private static string Taken => Say("201 Created", $"{{\"sid\":\"SM{new string('0', 32)}\",\"status\":\"queued\"}}");

    private static string Say(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.ASCII.GetByteCount(body)}\r\n\r\n{body}";

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using var connection = client;
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping.Token);
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, stopping.Token) > 0)
            {
                // Small enough that a request comes in one piece, or its body in a second one that is answered as well.
                Interlocked.Increment(ref requests);
                if (manner == HangsUp) return;
                await SayAsync(stream, Encoding.ASCII.GetBytes(manner.Answer));
                if (manner.Answer.Contains($"{Huge}", StringComparison.Ordinal)) await PourAsync(stream);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private async Task SayAsync(SslStream stream, byte[] words)
    {
        do
        {
            var promptly = Math.Min(manner.Promptly, words.Length);
            await stream.WriteAsync(words.AsMemory(0, promptly), stopping.Token);
            for (var i = promptly; i < words.Length; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), stopping.Token);
                await stream.WriteAsync(words.AsMemory(i, 1), stopping.Token);
            }
        } while (manner.ForEver);
    }

    private async Task PourAsync(SslStream stream)
    {
        var block = new byte[64 * 1024];
        for (var poured = 0; poured < Huge; poured += block.Length) await stream.WriteAsync(block, stopping.Token);
    }
}
