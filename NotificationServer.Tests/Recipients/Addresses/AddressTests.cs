using System.Text.Json;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Recipients.Addresses;

public sealed class AddressTests
{
    private const int ShortestNumber = 7;

    public static TheoryData<string, bool> Emails => Cases("email-addresses.json", c => c.GetProperty("accept").GetBoolean());

    /// The shape, and our own floor: fewer than seven digits are nobody's number.
    public static TheoryData<string, bool> Phones => Cases("e164.json",
        c => c.GetProperty("matches").GetBoolean() && c.GetProperty("input").GetString()!.Length > ShortestNumber); // every case has its input

    [Theory, MemberData(nameof(Emails))]
    public void An_email_address_is_taken_or_not_as_in_the_vectors(string input, bool accept) =>
        Assert.Equal(accept, EmailAddress.TryParse(input, out _, out _));

    [Theory, MemberData(nameof(Phones))]
    public void A_phone_number_is_taken_or_not_as_in_the_vectors(string input, bool accept) =>
        Assert.Equal(accept, PhoneNumber.TryParse(input, out _, out _));

    [Theory]
    [InlineData("+1234567", true)]
    [InlineData("+123456", false)]
    [InlineData("+123456789012345", true)]
    [InlineData("+49301234567\n", false)]
    [InlineData("+４９301234567", false)]
    [InlineData("+1 (555) 0100000", false)]
    [InlineData("+", false)]
    [InlineData(null, false)]
    [Bar("B39")]
    public void B39_a_phone_number_is_plain_digits_all_of_them(string? input, bool accept) =>
        Assert.Equal(accept, PhoneNumber.TryParse(input, out _, out _));

    [Theory]
    [InlineData("a@münchen.example", "a@xn--mnchen-3ya.example")]
    [InlineData("Ann.B+tag@EXAMPLE.Org", "Ann.B+tag@example.org")]
    public void An_address_is_stored_in_one_form(string input, string stored)
    {
        Assert.True(EmailAddress.TryParse(input, out var address, out _));
        Assert.Equal(stored, address);
    }

    [Theory]
    [InlineData("a@x.test\r\nBcc: b@y.test", "header_injection")]
    [InlineData("a\n@x.test", "header_injection")]
    [InlineData("ü@x.test", "needs_smtputf8")]
    [InlineData("a@[127.0.0.1]", "invalid_email")]
    [InlineData("a@x", "invalid_email")]
    [InlineData("\"a b\"@x.test", "invalid_email")]
    [InlineData(null, "invalid_email")]
    [Bar("S29", "B36", "B38")]
    public void B36_B38_what_is_refused_says_why(string? input, string expected)
    {
        Assert.False(EmailAddress.TryParse(input, out _, out var code));
        Assert.Equal(expected, code);
    }

    [Fact]
    public void A_web_push_token_is_a_subscription()
    {
        const string key = "BBx80zwVsFoAO81nXOAL6F7mCmf2OBGKRP-L7fHWpq0vMs3CDf-PWcZ99hSwucFsdyNXU-HJFGp48s6yv3oQLxk", auth = "ZDYbetb77D3NBOfg0GcA6g";
        string Subscription(string endpoint) => $$$"""{"endpoint":"{{{endpoint}}}","keys":{"p256dh":"{{{key}}}","auth":"{{{auth}}}"}}""";

        Assert.True(DeviceToken.TryParse("webpush", Subscription("https://push.example/abc"), out _, out _));
        Assert.True(DeviceToken.TryParse("webpush", Subscription("https://push.example/abc?a=b&c"), out var one, out _));
        Assert.True(DeviceToken.TryParse("webpush", Subscription("https://push.example/abc?a=b\\u0026c").Replace("{\"endpoint", "{ \"expirationTime\": null, \"endpoint", StringComparison.Ordinal), out var other, out _));
        Assert.Equal(one, other);
        Assert.False(DeviceToken.TryParse("webpush", Subscription("http://push.example/abc"), out _, out _));
        Assert.False(DeviceToken.TryParse("webpush", Subscription("file:///etc/passwd"), out _, out _));
        Assert.True(DeviceToken.TryParse("webpush", Subscription("https://push.example/abc?a=b&c").Replace("-HJF", "+HJF", StringComparison.Ordinal).Replace("A6g", "A6g==", StringComparison.Ordinal), out other, out _));
        Assert.Equal(one, other);
        Assert.True(DeviceToken.TryParse("apns", new string('A', 64), out var token, out _));
        Assert.Equal(new string('a', 64), token);
    }

    [Theory]
    [InlineData("[1]", "invalid_subscription")]
    [InlineData("""{"endpoint":"https://push.example/a"}""", "invalid_subscription")]
    [InlineData("""{"endpoint":"https://push.example/a","keys":{"p256dh":"x","auth":1}}""", "invalid_subscription")]
    [InlineData("""{"endpoint":"http://push.example/a","keys":{"p256dh":"KEY","auth":"AUTH"}}""", "invalid_endpoint")]
    [InlineData("""{"endpoint":"https://ann:x@push.example/a","keys":{"p256dh":"KEY","auth":"AUTH"}}""", "invalid_endpoint")]
    [InlineData("""{"endpoint":"file:///etc/passwd","keys":{"p256dh":"KEY","auth":"AUTH"}}""", "invalid_endpoint")]
    [InlineData("""{"endpoint":"https://push.example/a","keys":{"p256dh":"AUTH","auth":"AUTH"}}""", "invalid_p256dh")]
    [InlineData("""{"endpoint":"https://push.example/a","keys":{"p256dh":"OFFCURVE","auth":"AUTH"}}""", "invalid_p256dh")]
    [InlineData("""{"endpoint":"https://push.example/a","keys":{"p256dh":"KEY","auth":"KEY"}}""", "invalid_auth")]
    public void What_is_wrong_with_a_subscription_is_told(string text, string expected)
    {
        const string key = "BBx80zwVsFoAO81nXOAL6F7mCmf2OBGKRP-L7fHWpq0vMs3CDf-PWcZ99hSwucFsdyNXU-HJFGp48s6yv3oQLxk";
        text = text.Replace("OFFCURVE", key[..^2] + "AA", StringComparison.Ordinal)
            .Replace("KEY", key, StringComparison.Ordinal).Replace("AUTH", "ZDYbetb77D3NBOfg0GcA6g", StringComparison.Ordinal);

        Assert.False(DeviceToken.TryParse("webpush", text, out _, out var code));
        Assert.Equal(expected, code);
        Assert.NotEqual(DeviceToken.Explain("webpush", "invalid_token"), DeviceToken.Explain("webpush", code));
    }

    [Theory]
    [InlineData("pushy", "a6345d0278adc55d3474f5", true)]
    [InlineData("pushy", "/topics/news", false)]
    [InlineData("jpush", "1104a89792a50e1a2b3", true)]
    [InlineData("jpush", "a b", false)]
    public void The_name_of_a_topic_is_no_token(string provider, string token, bool valid) =>
        Assert.Equal(valid, DeviceToken.TryParse(provider, token, out _, out _));

    [Theory]
    [InlineData("de", true)]
    [InlineData("de-CH", true)]
    [InlineData("zh-Hant-TW", true)]
    [InlineData("es-419", true)]
    [InlineData("de_CH", false)]
    [InlineData("", false)]
    [InlineData("de-CH\n", false)]
    public void A_locale_is_a_language_tag(string text, bool valid) => Assert.Equal(valid, Place.IsLocale(text));

    private static TheoryData<string, bool> Cases(string file, Func<JsonElement, bool> accept)
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", file)));
        var data = new TheoryData<string, bool>();
        foreach (var one in vectors.RootElement.GetProperty("cases").EnumerateArray())
            data.Add(one.GetProperty("input").GetString()!, accept(one)); // every case has its input
        return data;
    }
}
