using System.Net;
using NotificationServer.Api.Auth;
using NotificationServer.Clients;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Clients;

[Bar("S25")]
public sealed class KeyNetworksTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("203.0.113.0/24", "203.0.113.200", true)]
    [InlineData("203.0.113.7/24", "203.0.113.200", true)]
    [InlineData("203.0.113.0/24", "::ffff:203.0.113.200", true)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", true)]
    [InlineData("2001:db8::/32", "2001:db9::5", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void A_key_is_good_in_its_networks_and_nowhere_else(string network, string address, bool good)
    {
        var normal = KeyNetworks.Normal(network);

        Assert.NotNull(normal);
        Assert.Equal(good, new KeyNetworks([normal]).Allow(IPAddress.Parse(address)));
    }

    [Fact]
    public void Without_networks_it_is_good_everywhere_and_with_one_that_is_none_nowhere()
    {
        Assert.True(new KeyNetworks([]).Allow(null));
        Assert.False(new KeyNetworks(["nonsense"]).Allow(IPAddress.Loopback));
        Assert.False(new KeyNetworks(["127.0.0.1/32"]).Allow(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("example.org")]
    [InlineData("203.0.113.0/33")]
    public void What_is_no_network_is_told_apart(string text) => Assert.Null(KeyNetworks.Normal(text));

    [Fact]
    public void Whoever_makes_a_key_is_told_of_every_scope_that_there_is() =>
        Assert.Equal(Scopes.All, KeyScope.All.Select(scope => scope.Name));
}
