using System.IO.Compression;
using System.Text;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Http;

[Bar("S11")]
public sealed class BodyLimitTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const int Limit = 256 * 1024;

    public static TheoryData<string> Targets => [.. Target.All.Select(t => t.Name)];

    [Theory, MemberData(nameof(Targets))]
    [Bar("B01")]
    public async Task B01_a_body_one_byte_too_long_is_refused(string name)
    {
        using var response = await server.Client.SendAsync(Target.Named(name).Request(Blank(Limit + 1)));

        await ProblemAssert.IsAsync(response, 413, "too_large");
        Assert.True(response.Headers.ConnectionClose);
    }

    [Theory, MemberData(nameof(Targets))]
    [Bar("B01")]
    public async Task B01_a_body_of_exactly_the_limit_is_read(string name)
    {
        using var response = await server.Client.SendAsync(Target.Named(name).Request(Blank(Limit)));

        await ProblemAssert.IsAsync(response, 400, "malformed_json");
    }

    [Theory, MemberData(nameof(Targets))]
    [Bar("B02")]
    public async Task B02_nor_is_one_that_does_not_say_its_length(string name)
    {
        using var request = Target.Named(name).Request("");
        request.Content = new StreamContent(new MemoryStream(Blank(Limit + 1)));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TransferEncodingChunked = true;

        using var response = await server.Client.SendAsync(request);

        await ProblemAssert.IsAsync(response, 413, "too_large");
    }

    [Theory, MemberData(nameof(Targets))]
    [Bar("B03")]
    public async Task B03_a_compressed_body_is_measured_unpacked(string name)
    {
        using var request = Target.Named(name).Request(Packed(Blank(50_000_000)));
        request.Content!.Headers.ContentEncoding.Add("gzip"); // made with content

        using var response = await server.Client.SendAsync(request);

        await ProblemAssert.IsAsync(response, 413, "too_large");
    }

    [Fact]
    public async Task A_compressed_body_within_the_limit_is_taken()
    {
        using var request = Target.Named("user").Request(Packed(Encoding.UTF8.GetBytes("{}")));
        request.Content!.Headers.ContentEncoding.Add("gzip"); // made with content

        using var response = await server.Client.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_unknown_encoding_is_not_guessed_at()
    {
        using var request = Target.Named("user").Request("{}");
        request.Content!.Headers.ContentEncoding.Add("zstd"); // made with content

        using var response = await server.Client.SendAsync(request);

        await ProblemAssert.IsAsync(response, 415, "unsupported_media_type");
    }

    private static byte[] Blank(int length)
    {
        var blank = new byte[length];
        Array.Fill(blank, (byte)' ');
        return blank;
    }

    private static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(body);
        return packed.ToArray();
    }
}
