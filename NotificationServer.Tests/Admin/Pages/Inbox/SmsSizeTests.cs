using NotificationServer.Admin.Pages.Inbox;

namespace NotificationServer.Tests.Admin.Pages.Inbox;

public sealed class SmsSizeTests
{
    [Theory]
    [InlineData("Hello", 1, "GSM-7", 5, 1)]
    [InlineData("a", 160, "GSM-7", 160, 1)]
    [InlineData("a", 161, "GSM-7", 161, 2)]
    [InlineData("€", 81, "GSM-7", 162, 2)]               // each takes two
    [InlineData("ж", 70, "Unicode", 70, 1)]
    [InlineData("ж", 71, "Unicode", 71, 2)]
    [InlineData("😀", 36, "Unicode", 72, 2)]
    public void It_counts_as_the_network_does(string text, int times, string alphabet, int units, int segments) =>
        Assert.Equal(new SmsSize(alphabet, units, segments), SmsSize.Of(string.Concat(Enumerable.Repeat(text, times))));
}
