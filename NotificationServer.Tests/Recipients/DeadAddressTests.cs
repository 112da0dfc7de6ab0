using Dapper;
using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Recipients;

public sealed class DeadAddressTests(Database database) : IClassFixture<Database>
{
    [Theory]
    [InlineData(-60, 0)] // found dead before it was registered again
    [InlineData(60, 1)]
    [InlineData(null, 1)] // most vendors do not say
    public async Task A_device_that_registered_since_it_was_found_dead_is_kept(int? secondsLater, int retired)
    {
        var token = $"t-{Guid.CreateVersion7():N}";
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into users (id) values (@token); insert into devices (user_id, id, platform, push_provider, token) values (@token, 'd', 'ios', 'apns', @token)", new { token });
        var registered = await connection.ExecuteScalarAsync<DateTime>("select updated_at from devices where token = @token", new { token });

        await new DeadAddresses(database.Source).RetireAsync(
            new(Guid.CreateVersion7(), token, Channel.IosPush, token, "apns", "apns", "apns", "Unregistered") { Since = secondsLater is { } later ? registered.AddSeconds(later) : null },
            CancellationToken.None);

        Assert.Equal(retired, await database.Source.CountAsync("select count(*) from devices where token = @token and retired_at is not null", new { token }));
    }

    [Theory]
    [InlineData("twilio", "twilio-east", "21610", "stop")]
    [InlineData("twilio", "twilio-east", "21614", "hard_bounce")]
    public async Task What_a_vendor_says_means_the_same_whatever_its_account_is_called(string vendor, string account, string code, string reason)
    {
        var phone = $"+1555{Random.Shared.Next(1_000_000, 9_999_999)}";

        await new DeadAddresses(database.Source).RetireAsync(new(Guid.CreateVersion7(), null, Channel.Sms, phone, null, vendor, account, code), CancellationToken.None);

        Assert.Equal(1, await database.Source.CountAsync("select count(*) from suppressions where address = @phone and reason = @reason", new { phone, reason }));
    }
}
