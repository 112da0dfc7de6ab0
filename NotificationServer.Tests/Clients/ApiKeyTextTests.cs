using NotificationServer.Clients;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Clients;

[Bar("S02")]
public sealed class ApiKeyTextTests
{
    [Fact]
    public void A_secret_is_32_bytes_of_chance_and_no_two_keys_share_anything()
    {
        var keys = Enumerable.Range(0, 200).Select(_ => ApiKeyText.New(sandbox: false)).ToList();

        Assert.All(keys, key => Assert.Equal((16, 32), (key.Id.Length, Convert.FromHexString(key.Secret).Length)));
        Assert.Equal(keys.Count, keys.Select(key => key.Secret).Distinct().Count());
        Assert.Equal(keys.Count, keys.Select(key => key.Id).Distinct().Count());
        // Chance leaves no place of the secret the same in two hundred keys.
        Assert.All(Enumerable.Range(0, 64), place => Assert.True(keys.Select(key => key.Secret[place]).Distinct().Count() > 8));
    }

    [Fact]
    public void A_key_says_which_one_it_is_and_falls_apart_in_one_way_only()
    {
        var key = ApiKeyText.New(sandbox: true);

        Assert.Matches("^nsk_test_[A-Za-z0-9]{16}_[0-9a-f]{64}$", key.Reveal());
        Assert.True(ApiKeyText.TryParse(key.Reveal(), out var again));
        Assert.Equal(key, again);
        Assert.DoesNotContain(key.Secret, $"{key}", StringComparison.Ordinal);
    }
}
