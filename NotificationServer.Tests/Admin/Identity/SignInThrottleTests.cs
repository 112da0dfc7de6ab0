using System.Net;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Admin;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity;

[Bar("S16")]
public sealed class SignInThrottleTests(Database db) : IClassFixture<Database>
{
    private static readonly IPAddress Guesser = IPAddress.Parse("192.0.2.66");
    private static readonly IPAddress Owner = IPAddress.Parse("192.0.2.1");

    private readonly SignInThrottle throttle = new(db.Source, Options.Create(new AdminOptions { FailuresPerAddress = 8 }));

    [Fact]
    public async Task A_guesser_has_to_wait_and_the_owner_does_not()
    {
        for (var n = 0; n < 5; n++) Assert.True(await throttle.TakeTryAsync("owner@example.org", Guesser, default));

        Assert.False(await throttle.TakeTryAsync(" Owner@Example.org", Guesser, default));
        Assert.False(await throttle.TakeTryAsync("owner@example.org", Guesser.MapToIPv6(), default));
        Assert.True(await throttle.TakeTryAsync("owner@example.org", Owner, default));
    }

    [Fact]
    public async Task Guessing_at_many_accounts_from_one_address_is_slowed_too()
    {
        var address = IPAddress.Parse("192.0.2.77");
        for (var n = 0; n < 8; n++) Assert.True(await throttle.TakeTryAsync($"person{n}@example.org", address, default));
        Assert.False(await throttle.TakeTryAsync("somebody@example.org", address, default));
    }

    [Fact]
    public async Task The_waiting_ends_also_for_who_does_not_stop_trying()
    {
        var address = IPAddress.Parse("192.0.2.88");
        for (var n = 0; n < 5; n++) await throttle.TakeTryAsync("late@example.org", address, default);
        await PassAsync("192.0.2.88", "14 minutes");
        Assert.False(await throttle.TakeTryAsync("late@example.org", address, default));
        await PassAsync("192.0.2.88", "61 seconds");

        Assert.True(await throttle.TakeTryAsync("late@example.org", address, default));
    }

    [Fact]
    public async Task Whose_fifth_try_is_right_starts_anew()
    {
        var address = IPAddress.Parse("192.0.2.99");
        for (var round = 0; round < 3; round++)
        {
            for (var n = 0; n < 5; n++) Assert.True(await throttle.TakeTryAsync("clumsy@example.org", address, default));
            await throttle.SucceededAsync("clumsy@example.org", address, default);
        }
    }

    [Fact]
    public async Task What_is_given_back_leaves_those_before_it()
    {
        var address = IPAddress.Parse("192.0.2.111");
        for (var n = 0; n < 4; n++) Assert.True(await throttle.TakeTryAsync("links", address, default));
        for (var n = 0; n < 3; n++)
        {
            Assert.True(await throttle.TakeTryAsync("links", address, default));
            await throttle.GiveBackAsync("links", address, default);
        }
        Assert.True(await throttle.TakeTryAsync("links", address, default));
        Assert.False(await throttle.TakeTryAsync("links", address, default));
    }

    [Fact]
    public async Task Of_many_tries_at_once_no_more_come_through_than_one_after_the_other()
    {
        var one = IPAddress.Parse("198.51.100.1");
        Assert.Equal(5, await ThroughAsync(_ => throttle.TakeTryAsync("hasty@example.org", one, default)));

        var other = IPAddress.Parse("198.51.100.2");
        Assert.Equal(8, await ThroughAsync(n => throttle.TakeTryAsync($"person{n}@example.org", other, default)));

        Assert.Equal(5, await ThroughAsync(n => throttle.TakeCodeTryAsync("second factor of somebody", IPAddress.Parse($"203.0.113.{n}"), default)));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:3::1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", "::ffff:10.0.0.2")]
    [InlineData("fe80::1%1", "fe80::2%2", "2001:db8:9::1")]
    public async Task An_address_of_IPv6_is_its_whole_network(string first, string alike, string apart)
    {
        for (var n = 0; n < 5; n++) await throttle.TakeTryAsync("six@example.org", IPAddress.Parse(first), default);

        Assert.False(await throttle.TakeTryAsync("six@example.org", IPAddress.Parse(alike), default));
        Assert.True(await throttle.TakeTryAsync("six@example.org", IPAddress.Parse(apart), default));
    }

    private static async Task<int> ThroughAsync(Func<int, Task<bool>> take) =>
        (await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => take(n))))).Count(isThrough => isThrough);

    private async Task PassAsync(string ip, string time)
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("update sign_in_failures set last_at = last_at - @time::interval where ip = @ip", new { ip, time });
    }
}
