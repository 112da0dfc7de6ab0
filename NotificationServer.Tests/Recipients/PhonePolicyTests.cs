using Microsoft.Extensions.Options;
using NotificationServer.Recipients;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Recipients;

[Bar("B39")]
public sealed class PhonePolicyTests
{
    [Theory]
    [InlineData("+14155552671", "", "", true)]
    [InlineData("+14155552671", "+1 +41", "", true)]
    [InlineData("+4930123456", "+1 +41", "", false)]
    [InlineData("+19005550123", "+1", "+1900", false)]
    [InlineData("+14155552671", "+1", "+1900", true)]
    [InlineData("+12425550123", "+1242", "+1", true)]
    [InlineData("+14155552671", "+1242", "+1", false)]
    [InlineData("+449098765432", "", "+44909", false)]
    [InlineData("+4915112345678", "", "+44909", true)]
    [InlineData("+14155552671", "+1", "+1", false)]
    public void B39_only_the_countries_that_are_served_are_taken(string number, string allowed, string refused, bool taken)
    {
        var policy = new PhonePolicy(Options.Create(new PhoneOptions { AllowedPrefixes = List(allowed), RefusedPrefixes = List(refused) }));

        Assert.Equal(taken, policy.Takes(number, out _, out var code));
        Assert.Equal(taken ? "not_e164" : "country_not_served", code);
    }

    [Theory]
    [InlineData("+41", true)]
    [InlineData("41", false)]
    [InlineData("+", false)]
    [InlineData("+0", false)]
    [InlineData("+4x", false)]
    public void A_prefix_is_the_beginning_of_a_number(string prefix, bool sound) => Assert.Equal(sound, new PhoneOptions { AllowedPrefixes = [prefix] }.IsSound);

    private static string[] List(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
