using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class FailurePrintTests
{
    [Theory]
    [InlineData("Twilio refused the number (21211)", "Twilio refused the number (<n>)")]
    [InlineData("The number +15550100 is not valid", "The number <n> is not valid")]
    [InlineData("no mailbox for someone+tag@example.org: user unknown", "no mailbox for <address>: user unknown")]
    [InlineData("message 0198f3a2-4c1d-7e55-9b1a-0242ac120002 was refused", "message <id> was refused")]
    [InlineData("request SM3f9a1bc2d4e5f60718293a4b5c6d7e8f failed", "request <id> failed")]
    [InlineData("token 3fa85f64 is unknown, 0xDEADBEEF too", "token <id> is unknown, <id> too")]
    [InlineData("the field \"to.0.name\" isn't 'valid' at `x`", "the field <text> isn't <text> at <text>")]
    [InlineData("connect to 10.1.2.3:443 timed out after 9.98 s", "connect to <address> timed out after <n> s")]
    [InlineData("see https://example.org/errors/12?x=1 for  more\nwords", "see <url> for more words")]
    [InlineData("The deadbeat cafe failed", "The deadbeat cafe failed")]
    [InlineData("", "")]
    public void What_differs_from_message_to_message_is_taken_out_and_the_words_stay(string text, string expected) =>
        Assert.Equal(expected, FailurePrint.Normalise(text));

    [Fact]
    public void Failures_that_differ_only_in_ids_and_numbers_are_the_same_one() =>
        Assert.Equal(Of(text: "message 17 to a@b.example was refused"), Of(text: "message 4711 to c@d.example was refused"));

    [Fact]
    public void Another_channel_provider_code_or_wording_is_another_failure()
    {
        FailurePrint[] all = [Of(), Of(channel: "email"), Of(provider: "other"), Of(provider: null), Of(code: "21614"), Of(text: "not reachable")];

        Assert.Distinct(all.Select(print => print.Fingerprint));
    }

    [Fact]
    public void The_fingerprint_of_a_failure_is_the_same_for_ever() => Assert.Equal("337c3022d128a9741a86825c", Of().Fingerprint);

    [Fact]
    public void A_very_long_text_is_cut() => Assert.Equal(200, FailurePrint.Normalise(new string('a', 5000)).Length);

    [Fact]
    public void And_in_front_of_a_character_that_does_not_fit() => Assert.Equal(new string('a', 199), FailurePrint.Normalise(new string('a', 199) + "😀"));

    private static FailurePrint Of(string channel = "sms", string? provider = "twilio", string? code = "21211", string text = "not a number") =>
        FailurePrint.Of(channel, provider, code, text);
}
