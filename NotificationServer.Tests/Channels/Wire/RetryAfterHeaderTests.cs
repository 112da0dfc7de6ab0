using NotificationServer.Channels.Wire;

namespace NotificationServer.Tests.Channels.Wire;

public sealed class RetryAfterHeaderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-29T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData(" 120 ", 120.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("0", 1.0)]
    [InlineData("0.2", 1.0)]
    [InlineData("3600", 3600.0)]
    [InlineData("3601", 3600.0)]
    [InlineData("100000000000", 3600.0)]
    [InlineData("99999999999999999999999999", 3600.0)]
    [InlineData("Sun, 29 Mar 2026 12:02:00 GMT", 120.0)]
    [InlineData("Sunday, 29-Mar-26 12:02:00 GMT", 120.0)]
    [InlineData("Sun Mar 29 12:02:00 2026", 120.0)]
    [InlineData("Sun, 29 Mar 2026 11:00:00 GMT", 1.0)]
    [InlineData("Thu, 31 Dec 2099 23:59:59 GMT", 3600.0)]
    [InlineData("-5", null)]
    [InlineData("1e3", null)]
    [InlineData("1,000", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Whatever_a_vendor_asks_for_is_read_as_a_wait_of_a_second_to_an_hour(string? value, double? seconds) =>
        Assert.Equal(seconds, RetryAfterHeader.Parse(value, Now)?.TotalSeconds);

    [Theory]
    [InlineData("1774785660", 60.0)]
    [InlineData("1774785500", 1.0)]
    [InlineData("9223372036854775807", 3600.0)]
    [InlineData("-1", null)]
    [InlineData("x", null)]
    public void An_instant_in_epoch_seconds_is_a_wait_too(string value, double? seconds) =>
        Assert.Equal(seconds, RetryAfterHeader.ParseEpoch(value, Now)?.TotalSeconds);
}
