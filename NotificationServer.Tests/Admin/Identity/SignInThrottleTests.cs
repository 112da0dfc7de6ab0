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
        for (var n = 0; n < 5; n++)
        {
            Assert.True(await throttle.MayTryAsync("owner@example.org", Guesser, default));
            await throttle.FailedAsync("owner@example.org", Guesser, default);
        }

        Assert.False(await throttle.MayTryAsync(" Owner@Example.org", Guesser, default));
        Assert.False(await throttle.MayTryAsync("owner@example.org", Guesser.MapToIPv6(), default));
        Assert.True(await throttle.MayTryAsync("owner@example.org", Owner, default));
    }

    [Fact]
    public async Task Guessing_at_many_accounts_from_one_address_is_slowed_too()
    {
        var address = IPAddress.Parse("192.0.2.77");
        for (var n = 0; n < 8; n++) await throttle.FailedAsync($"person{n}@example.org", address, default);
        Assert.False(await throttle.MayTryAsync("somebody@example.org", address, default));
    }

    [Fact]
    public async Task The_waiting_ends()
    {
        var address = IPAddress.Parse("192.0.2.88");
        for (var n = 0; n < 5; n++) await throttle.FailedAsync("late@example.org", address, default);
        Assert.False(await throttle.MayTryAsync("late@example.org", address, default));

        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("update sign_in_failures set last_at = now() - interval '15 minutes 1 second' where ip = '192.0.2.88'");

        Assert.True(await throttle.MayTryAsync("late@example.org", address, default));
    }
}
