using System.Globalization;
using System.Text;
using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Push.Apns;

public sealed class ApnsPayloadTests
{
    [Theory]
    [InlineData("é")]
    [InlineData("漢")]
    [InlineData("\"")]
    [InlineData("👩‍👩‍👧‍👦")]
    [InlineData("e\u0301")]
    [Bar("B43")]
    public async Task A_text_that_is_too_long_is_shortened_between_characters_to_just_fit(string character)
    {
        await using var host = await ApnsHost.StartAsync();
        var body = string.Concat(Enumerable.Repeat(character, 5000));

        var outcome = await host.Apns.SendAsync(ApnsHost.Message(body) with { Title = "Zażółć" }, CancellationToken.None);

        Assert.Equal(SendStatus.Accepted, outcome.Status);
        var request = Assert.Single(host.Server.Requests);
        Assert.InRange(Encoding.UTF8.GetByteCount(request.Body), 4096 - 2 * Encoding.UTF8.GetByteCount(character) - 3, 4096);
        var sent = request.Json["aps"]!["alert"]!["body"]!.GetValue<string>();
        Assert.EndsWith("…", sent, StringComparison.Ordinal);
        var characters = StringInfo.GetTextElementEnumerator(sent[..^1]);
        while (characters.MoveNext()) Assert.Equal(character, characters.GetTextElement());
    }

    [Theory]
    [InlineData(4096, "Accepted")]
    [InlineData(4097, "Permanent")]
    public async Task What_cannot_be_shortened_is_refused_before_it_is_sent(int bytes, string status)
    {
        await using var host = await ApnsHost.StartAsync();
        var around = Encoding.UTF8.GetByteCount("""{"k":"","aps":{}}""");
        // Two bytes each: the limit counts bytes, not characters.
        var value = new string('é', (bytes - around) / 2) + ((bytes - around) % 2 == 1 ? "x" : "");
        var message = ApnsHost.Message(body: null) with { Data = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["k"] = value }) };

        var outcome = await host.Apns.SendAsync(message, CancellationToken.None);

        Assert.Equal(status, outcome.Status.ToString());
        Assert.Equal(status == "Accepted" ? 1 : 0, host.Server.Requests.Count);
        if (status == "Accepted") Assert.Equal(bytes, Encoding.UTF8.GetByteCount(host.Server.Requests[0].Body));
    }

    [Fact]
    public async Task A_repeat_carries_the_same_keys_and_so_replaces_the_first()
    {
        await using var host = await ApnsHost.StartAsync();
        var message = ApnsHost.Message();

        await host.Apns.SendAsync(message, CancellationToken.None);
        await host.Apns.SendAsync(message, CancellationToken.None);

        Assert.All(host.Server.Requests, request => Assert.Equal(
            (message.Id.ToString("D"), message.Id.ToString("D")), (request.Headers["apns-id"], request.Headers["apns-collapse-id"])));
    }

    [Theory]
    [InlineData("order-1042", "order-1042")]
    [InlineData("a key that is longer than the sixty-four bytes that Apple allows it to be", null)]
    [InlineData("commande-é", null)]
    [InlineData("a\r\napns-topic: com.other.app", null)]
    public async Task A_collapse_key_that_does_not_fit_becomes_its_digest(string key, string? sent)
    {
        await using var host = await ApnsHost.StartAsync();

        await host.Apns.SendAsync(ApnsHost.Message() with { CollapseKey = key }, CancellationToken.None);
        await host.Apns.SendAsync(ApnsHost.Message() with { CollapseKey = key }, CancellationToken.None);

        var ids = host.Server.Requests.Select(request => request.Headers["apns-collapse-id"]).Distinct();
        var id = Assert.Single(ids);
        if (sent is not null) Assert.Equal(sent, id);
        Assert.Matches("^[A-Za-z0-9_-]{1,64}$", id);
        Assert.Equal("com.example.app", host.Server.Requests[0].Headers["apns-topic"]);
    }

    [Fact]
    public async Task An_app_id_that_is_no_header_value_is_refused_before_it_is_sent()
    {
        await using var host = await ApnsHost.StartAsync();

        var outcome = await host.Apns.SendAsync(ApnsHost.Message() with { AppId = "com.x\r\nevil: 1" }, CancellationToken.None);

        Assert.Equal((SendStatus.Permanent, "BadTopic"), (outcome.Status, outcome.Code));
        Assert.Empty(host.Server.Requests);
    }

    [Fact]
    public async Task A_token_cannot_reach_another_path()
    {
        await using var host = await ApnsHost.StartAsync();

        await host.Apns.SendAsync(ApnsHost.Message() with { Token = "../../x?y=1#z" }, CancellationToken.None);

        Assert.StartsWith("/3/device/", Assert.Single(host.Server.Requests).Path, StringComparison.Ordinal);
    }
}
