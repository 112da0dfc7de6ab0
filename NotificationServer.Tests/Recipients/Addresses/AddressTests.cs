using System.Text.Json;
using NotificationServer.Recipients.Addresses;

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
    public void B36_B38_what_is_refused_says_why(string? input, string expected)
    {
        Assert.False(EmailAddress.TryParse(input, out _, out var code));
        Assert.Equal(expected, code);
    }

    [Fact]
    public void A_web_push_token_is_a_subscription()
    {
        var key = Convert.ToBase64String(new byte[65]).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        var auth = Convert.ToBase64String(new byte[16]).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        string Subscription(string endpoint) => $$$"""{"endpoint":"{{{endpoint}}}","keys":{"p256dh":"{{{key}}}","auth":"{{{auth}}}"}}""";

        Assert.True(DeviceToken.TryParse("webpush", Subscription("https://push.example/abc"), out _, out _));
        Assert.True(DeviceToken.TryParse("webpush", Subscription("https://push.example/abc?a=b&c"), out var one, out _));
        Assert.True(DeviceToken.TryParse("webpush", Subscription("https://push.example/abc?a=b\\u0026c").Replace("{\"endpoint", "{ \"expirationTime\": null, \"endpoint", StringComparison.Ordinal), out var other, out _));
        Assert.Equal(one, other);
        Assert.False(DeviceToken.TryParse("webpush", Subscription("http://push.example/abc"), out _, out _));
        Assert.False(DeviceToken.TryParse("webpush", Subscription("file:///etc/passwd"), out _, out _));
        Assert.False(DeviceToken.TryParse("webpush", "[1]", out _, out _));
        Assert.True(DeviceToken.TryParse("apns", new string('A', 64), out var token, out _));
        Assert.Equal(new string('a', 64), token);
    }

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
