using System.Text.Json.Nodes;
using NotificationServer.Channels;
using NotificationServer.Channels.Sms;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Sms;

[Bar("B42")]
public sealed class SmsSegmentsTests
{
    private static readonly JsonNode Vectors = Vector.Read("sms-segments");

    public static TheoryData<string> Cases => [.. Vectors["cases"]!.AsArray().Select(example => example!["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_text_costs_what_the_arithmetic_of_the_standard_says(string name)
    {
        var example = Vectors["cases"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == name)!;

        var segments = SmsSegments.Of(example["text"]!.GetValue<string>());

        Assert.Equal(example["encoding"]!.GetValue<string>(), segments.Encoding);
        Assert.Equal(example["units"]!.GetValue<int>(), segments.Units);
        Assert.Equal(example["segments"]!.GetValue<int>(), segments.Count);
        Assert.Equal(example["unitsPerSegment"]!.AsArray().Select(units => units!.GetValue<int>()), segments.UnitsPerSegment);
    }

    [Fact]
    public void The_tables_are_those_of_the_standard()
    {
        Assert.Equal(SmsSegments.GsmBasic, Vectors["gsm7Basic"]!.GetValue<string>());
        Assert.Equal(SmsSegments.GsmExtension, Vectors["gsm7Extension"]!.GetValue<string>());
        Assert.All(SmsSegments.GsmBasic, letter => Assert.Equal((false, 1), (SmsSegments.Of($"{letter}").Unicode, SmsSegments.Of($"{letter}").Units)));
        Assert.All(SmsSegments.GsmExtension, letter => Assert.Equal((false, 2), (SmsSegments.Of($"{letter}").Unicode, SmsSegments.Of($"{letter}").Units)));
    }

    [Theory]
    [InlineData("vonage", 1000, 0)]
    [InlineData("vonage-sms", 3200, 0)]
    [InlineData("twilio", 1600, 0)]
    public async Task What_is_longer_than_a_vendor_takes_is_refused_before_the_call(string vendor, int most, int calls)
    {
        await using var server = await VendorServer.StartHttp1Async();
        await using var channels = new ChannelsHost(vendor == "twilio"
            ? new()
            {
                ["Channels:Twilio:BaseAddress"] = server.Address.ToString(), ["Channels:Twilio:AccountSid"] = "AC1",
                ["Channels:Twilio:AuthToken"] = "x", ["Channels:Twilio:From"] = "+15005550006",
            }
            : new()
            {
                ["Channels:Vonage:Api"] = vendor == "vonage" ? "Messages" : "Sms",
                ["Channels:Vonage:BaseAddress"] = server.Address.ToString(), ["Channels:Vonage:SmsBaseAddress"] = server.Address.ToString(),
                ["Channels:Vonage:ApiKey"] = "k", ["Channels:Vonage:ApiSecret"] = "s", ["Channels:Vonage:From"] = "Acme",
            });
        var message = new SmsMessage { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+15558675310", Text = new string('a', most + 1) };

        var outcome = await channels.Provider<SmsMessage>().SendAsync(message, CancellationToken.None);

        Assert.Equal((SendStatus.Permanent, "text_too_long"), (outcome.Status, outcome.Code));
        Assert.Equal(calls, server.Requests.Count);
    }
}
