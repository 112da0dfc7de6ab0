using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Benchmarks.Faults;
using NotificationServer.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Wire;

/// F24 to F28: what a broken network does must never be told as something else than it is. Played with the SMS provider,
/// where a wrong word costs most: an unknown told as "not sent" is sent, and paid, twice.
public sealed class WireFaultTests
{
    // For what waits for the deadline itself, and for what is over before it however busy the machine is.
    private const string Soon = "00:00:05", Late = "00:00:30";
    private const string Ok = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n";

    [Fact]
    public async Task A_closed_port_is_not_sent()
    {
        using var closed = new ClosedPort();

        Assert.Equal((SendStatus.NotSent, "connection"), await SendAsync(new Uri($"http://127.0.0.1:{closed.Port}")));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_not_sent() =>
        Assert.Equal((SendStatus.NotSent, "name_resolution"), await SendAsync(new Uri("https://vendor.invalid")));

    public static TheoryData<string> BadCertificates => ["of nobody we trust", "of another name", "expired"];

    [Theory]
    [MemberData(nameof(BadCertificates))]
    [Bar("S35")]
    public async Task A_server_that_cannot_prove_who_it_is_is_not_spoken_to(string certificate)
    {
        await using var server = await VendorServer.StartAsync(HttpProtocols.Http1, certificate switch
        {
            "of another name" => TestRoot.OfAnotherName,
            "expired" => TestRoot.Expired,
            _ => TestRoot.ServerCertificate,
        });

        var outcome = await SendAsync(server.Address, trustedRoots: certificate == "of nobody we trust" ? "" : null);

        Assert.Equal((SendStatus.NotSent, "tls"), outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_unknown_at_the_deadline()
    {
        await using var server = RawServer.Saying("", RawServer.Hang);
        Assert.Equal((SendStatus.Unknown, "timeout"), await SendAsync(server.Address, Soon));
    }

    [Fact]
    public async Task A_server_that_never_finishes_the_handshake_is_not_sent_at_the_deadline()
    {
        await using var server = new RawServer(RawServer.Hang);
        Assert.Equal((SendStatus.NotSent, "timeout_before_sending"), await SendAsync(new UriBuilder(server.Address) { Scheme = "https" }.Uri, Soon));
    }

    public static TheoryData<string, string> BrokenAnswers => new()
    {
        { "closed before the reply", "" },
        { "reset before the reply", "" },
        { "closed within the headers", Ok },
        { "closed within the body", Ok + "Content-Length: 100\r\n\r\n{\"sid\":" },
        { "reset within the body", Ok + "Content-Length: 100\r\n\r\n{\"sid\":" },
        { "closed within a chunk", Ok + "Transfer-Encoding: chunked\r\n\r\nff\r\n{\"sid\":" },
        { "drips for ever", Ok + "Content-Length: 100\r\n\r\n{" },
        { "is not HTTP", "220 mail.example.com ESMTP\r\n" },
        { "success with garbage", Ok + "Content-Length: 13\r\n\r\n<html></html>" },
        { "success with nothing", Ok + "Content-Length: 0\r\n\r\n" },
        { "success of another kind", "HTTP/1.1 204 No Content\r\n\r\n" },
        { "success with half a document", Ok + "Content-Length: 8\r\n\r\n{\"sid\":\"" },
        { "too long an answer", Ok + "Content-Length: 200000000\r\n\r\n" },
        { "too long an answer without a length", Ok + "\r\n" + new string(' ', 70_000) },
    };

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task An_answer_that_cannot_be_read_is_unknown(string how, string bytes)
    {
        var drips = how.StartsWith("drips", StringComparison.Ordinal);
        await using var server = RawServer.Saying(bytes, how.StartsWith("reset", StringComparison.Ordinal) ? RawServer.Reset : drips ? RawServer.Hang : null);

        Assert.Equal(SendStatus.Unknown, (await SendAsync(server.Address, drips ? Soon : Late)).Status);
    }

    [Fact]
    [Bar("S31")]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await VendorServer.StartHttp1Async();
        await using var server = RawServer.Saying($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere.Address}\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((SendStatus.Misconfigured, "redirected"), await SendAsync(server.Address));
        Assert.Empty(elsewhere.Requests);
    }

    private static async Task<(SendStatus Status, string? Code)> SendAsync(Uri address, string deadline = Late, string? trustedRoots = null)
    {
        await using var channels = new ChannelsHost(new()
        {
            ["Channels:TrustedRootsFile"] = trustedRoots,
            ["Channels:SmsDeadline"] = deadline,
            ["Channels:Twilio:BaseAddress"] = address.ToString(),
            ["Channels:Twilio:AccountSid"] = "AC1",
            ["Channels:Twilio:AuthToken"] = "x",
            ["Channels:Twilio:From"] = "+15005550006",
        });
        var message = new SmsMessage { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+15558675310", Text = "Hello" };
        var (provider, outcome) = await channels.Services.GetRequiredService<ProviderRoutes>().SendAsync(message, sandbox: false, CancellationToken.None);
        Assert.Equal("twilio", provider);
        Assert.False(Encoding.UTF8.GetByteCount(outcome.Detail ?? "") == 0, "an operator must be told why");
        return (outcome.Status, outcome.Code);
    }
}
