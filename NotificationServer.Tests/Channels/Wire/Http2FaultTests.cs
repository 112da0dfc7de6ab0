using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NotificationServer.Channels;
using NotificationServer.Tests.Channels.Push.Apns;

namespace NotificationServer.Tests.Channels.Wire;

/// HTTP/2 can say that a request was never looked at; only that may be told as "not sent".
public sealed class Http2FaultTests
{
    private const int RefusedStream = 7;
    private const int InternalError = 2;
    private const int Cancel = 8;

    [Theory]
    [InlineData(RefusedStream, "NotSent")]
    [InlineData(InternalError, "Unknown")]
    [InlineData(Cancel, "Unknown")]
    public async Task A_stream_that_is_reset_is_unknown_unless_it_was_refused(int code, string status)
    {
        await using var host = await ApnsHost.StartAsync();
        host.Server.Misbehave = context =>
        {
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);
            return Task.CompletedTask;
        };

        Assert.Equal(status, (await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None)).Status.ToString());
    }

    [Fact]
    public async Task A_connection_that_breaks_under_the_stream_is_unknown()
    {
        await using var host = await ApnsHost.StartAsync();
        host.Server.Misbehave = context =>
        {
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            return Task.CompletedTask;
        };

        Assert.Equal(SendStatus.Unknown, (await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_stream_above_the_last_one_of_a_GOAWAY_is_not_sent()
    {
        await using var server = new RawServer(SayGoAwayAsync);
        await using var channels = new ChannelsHost(ApnsHost.Settings(server.Address));

        var outcome = await channels.Provider<PushMessage>().SendAsync(ApnsHost.Message(), CancellationToken.None);

        Assert.Equal((SendStatus.NotSent, "stream_refused"), (outcome.Status, outcome.Code));
    }

    [Fact]
    public async Task A_server_without_HTTP2_is_not_sent()
    {
        await using var server = await VendorServer.StartAsync(HttpProtocols.Http1, TestRoot.ServerCertificate);
        await using var channels = new ChannelsHost(ApnsHost.Settings(server.Address));

        var outcome = await channels.Provider<PushMessage>().SendAsync(ApnsHost.Message(), CancellationToken.None);

        Assert.Equal(SendStatus.NotSent, outcome.Status);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Sends_at_the_same_time_share_a_connection()
    {
        await using var host = await ApnsHost.StartAsync();
        var connections = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        host.Server.Misbehave = context =>
        {
            connections[context.Connection.Id] = true;
            context.Response.Headers["apns-id"] = context.Request.Headers["apns-id"];
            return Task.CompletedTask;
        };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None)));

        Assert.All(outcomes, outcome => Assert.Equal(SendStatus.Accepted, outcome.Status));
        Assert.Single(connections);
    }

    /// Greets, waits for the request, and answers GOAWAY with last stream 0: "I have looked at nothing of yours".
    private static async Task SayGoAwayAsync(TcpClient client, CancellationToken ct)
    {
        const byte headers = 1, settings = 4, goAway = 7;
        var stream = client.GetStream();
        await stream.WriteAsync(Frame(settings, []), ct);
        await stream.ReadExactlyAsync(new byte[24], ct); // the preface
        var head = new byte[9];
        do
        {
            await stream.ReadExactlyAsync(head, ct);
            await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]], ct);
        }
        while (head[3] != headers);

        await stream.WriteAsync(Frame(goAway, new byte[8]), ct);
        await RawServer.Hang(client, ct);
    }

    private static byte[] Frame(byte type, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        payload.CopyTo(frame, 9);
        return frame;
    }
}
