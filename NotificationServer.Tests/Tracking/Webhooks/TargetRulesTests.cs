using System.Net;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NotificationServer.Tests.Support;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Tests.Tracking.Webhooks;

/// Nobody reaches the inside of anybody's network through us.
[Bar("S31", "B57")]
public sealed class TargetRulesTests
{
    private readonly TargetRules rules = Rules(new WebhooksOptions());

    [Theory]
    // IPv4: this network, private, shared (and a cloud's metadata in it), loopback, link-local (and the other clouds' metadata), protocols,
    // documentation, benchmarks, multicast, reserved, broadcast.
    [InlineData("0.0.0.0"), InlineData("0.1.2.3"), InlineData("10.0.0.1"), InlineData("10.255.255.255"), InlineData("100.64.0.1"), InlineData("100.100.100.200")]
    [InlineData("100.127.255.255"), InlineData("127.0.0.1"), InlineData("127.255.255.254"), InlineData("169.254.0.1"), InlineData("169.254.169.254")]
    [InlineData("172.16.0.1"), InlineData("172.31.255.255"), InlineData("192.0.0.1"), InlineData("192.0.0.192"), InlineData("192.0.2.1"), InlineData("192.88.99.1")]
    [InlineData("192.168.0.1"), InlineData("198.18.0.1"), InlineData("198.19.255.255"), InlineData("198.51.100.1"), InlineData("203.0.113.1")]
    [InlineData("224.0.0.1"), InlineData("239.255.255.255"), InlineData("240.0.0.1"), InlineData("255.255.255.255"), InlineData("168.63.129.16")]
    // IPv6: unspecified, loopback, IPv4 in it (mapped, compatible, translated), NAT64, discard, Teredo, documentation, 6to4, unique local, link-local with
    // and without its zone, site-local, multicast.
    [InlineData("::"), InlineData("::1"), InlineData("::ffff:127.0.0.1"), InlineData("::ffff:10.0.0.1"), InlineData("::ffff:a9fe:a9fe"), InlineData("::127.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1"), InlineData("64:ff9b::7f00:1"), InlineData("64:ff9b::8.8.8.8"), InlineData("64:ff9b:1::1"), InlineData("100::1")]
    [InlineData("2001::1"), InlineData("2001:0:7f00:1::"), InlineData("2001:db8::1"), InlineData("2002:7f00:1::"), InlineData("2002:0808:0808::1"), InlineData("3fff::1")]
    [InlineData("fc00::1"), InlineData("fd00:ec2::254"), InlineData("fd20:ce::254"), InlineData("fe80::1"), InlineData("fe80::1%1"), InlineData("fec0::1"), InlineData("ff02::1")]
    [InlineData("4000::1"), InlineData("2606:4700:4700::1111%3")]
    public void An_address_that_is_not_the_public_internet_s_is_not_connected_to(string text) => Assert.False(rules.Allows(IPAddress.Parse(text), "https"));

    [Theory]
    [InlineData("1.1.1.1"), InlineData("8.8.8.8"), InlineData("100.63.255.255"), InlineData("100.128.0.1"), InlineData("172.15.255.255"), InlineData("172.32.0.1")]
    [InlineData("192.167.255.255"), InlineData("198.17.255.255"), InlineData("223.255.255.255"), InlineData("169.253.1.1"), InlineData("11.0.0.1")]
    [InlineData("2606:4700:4700::1111"), InlineData("2a00:1450:4001:80f::200e"), InlineData("::ffff:8.8.8.8"), InlineData("2001:4860:4860::8888")]
    public void A_public_address_is_connected_to_but_not_without_encryption(string text)
    {
        Assert.True(rules.Allows(IPAddress.Parse(text), "https"));
        Assert.False(rules.Allows(IPAddress.Parse(text), "http"));
    }

    [Theory]
    // One address in all the ways to write it: short, decimal, hexadecimal, octal, a mixture, full-width dots and digits, in IPv6, with a last dot.
    [InlineData("https://127.0.0.1/x", "forbidden_host"), InlineData("https://127.1/x", "forbidden_host"), InlineData("https://2130706433/", "forbidden_host")]
    [InlineData("https://0x7f000001/", "forbidden_host"), InlineData("https://0177.0.0.1/", "forbidden_host"), InlineData("https://0x7f.1/", "forbidden_host")]
    [InlineData("https://127。0。0。1/", "forbidden_host"), InlineData("https://１２７.0.0.1/", "forbidden_host"), InlineData("https://[::ffff:127.0.0.1]/", "forbidden_host")]
    [InlineData("https://[::ffff:7f00:1]/", "forbidden_host"), InlineData("https://[::]/", "forbidden_host"), InlineData("https://[::1]/", "forbidden_host")]
    [InlineData("https://[fe80::1%25eth0]/", "forbidden_host"), InlineData("https://127.0.0.1./", "forbidden_host"), InlineData("https://0/", "forbidden_host")]
    // Names of the inside.
    [InlineData("https://localhost/", "forbidden_host"), InlineData("https://localhost./", "forbidden_host"), InlineData("https://api.localhost/", "forbidden_host")]
    [InlineData("https://metadata.google.internal/", "forbidden_host"), InlineData("https://printer.local/", "forbidden_host"), InlineData("https://intranet/", "forbidden_host")]
    [InlineData("https://169.254.169.254/latest/meta-data", "forbidden_host"), InlineData("https://[fd00:ec2::254]/", "forbidden_host")]
    // What is no address of the web.
    [InlineData("http://example.com/", "not_https"), InlineData("file:///etc/passwd", "not_https"), InlineData("ftp://example.com/", "not_https"), InlineData("gopher://example.com/", "not_https")]
    [InlineData("https://user@example.com/", "has_credentials"), InlineData("https://user:pass@example.com/", "has_credentials"), InlineData("https://example.com/#top", "has_fragment")]
    [InlineData("https://example.com:22/", "forbidden_port"), InlineData("https://example.com:25/", "forbidden_port"), InlineData("https://example.com:80/", "forbidden_port")]
    [InlineData("/hooks", "not_https|invalid_url"), InlineData("hooks.example.com", "invalid_url"), InlineData("https://", "invalid_url"), InlineData("", "invalid_url"), InlineData("https://exa mple.com/", "invalid_url")]
    public void What_is_no_place_to_call_is_refused_when_it_is_stored(string url, string code) =>
        Assert.Contains(rules.Refuse(url, out _)?.Code, code.Split('|'));

    [Theory]
    [InlineData("https://hooks.example.com/a?b=c"), InlineData("https://example.com:443/"), InlineData("https://example.com:8443/"), InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/"), InlineData("https://bücher.example/"), InlineData("HTTPS://Example.COM/")]
    public void Any_place_of_the_web_is_taken(string url) => Assert.Null(rules.Refuse(url, out _));

    [Fact]
    public async Task A_name_is_judged_by_everything_that_it_leads_to()
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => rules.ResolveAsync("localhost", "https", default));
        await Assert.ThrowsAsync<TargetRefusedException>(() => rules.ResolveAsync("127.0.0.1", "https", default));
        Assert.Equal([IPAddress.Parse("8.8.8.8")], await rules.ResolveAsync("8.8.8.8", "https", default));
    }

    [Fact]
    public async Task Networks_of_one_s_own_are_opened_one_by_one()
    {
        var inside = Rules(new WebhooksOptions { AllowedNetworks = ["10.20.0.0/16", "fd00:1234::/32"] });

        Assert.Null(inside.Refuse("https://10.20.3.4/", out _));
        Assert.Null(inside.Refuse("https://billing.internal/", out _));
        Assert.NotNull(inside.Refuse("https://10.21.3.4/", out _));
        Assert.True(inside.Allows(IPAddress.Parse("::ffff:10.20.3.4"), "https"));
        Assert.True(inside.Allows(IPAddress.Parse("fd00:1234::1"), "https"));
        await Assert.ThrowsAsync<TargetRefusedException>(() => inside.ResolveAsync("localhost", "https", default));
    }

    [Theory]
    [InlineData(true, "Development", true), InlineData(true, "Production", false), InlineData(false, "Development", false)]
    public void A_receiver_that_is_being_written_is_called_without_encryption_on_this_machine_and_in_development_only(bool option, string environment, bool taken)
    {
        var own = Rules(new WebhooksOptions { AllowHttpToLoopback = option }, environment);

        Assert.Equal(taken, own.Refuse("http://127.0.0.1:5000/hooks", out _) is null);
        Assert.Equal(taken, own.Refuse("http://localhost:5000/hooks", out _) is null);
        Assert.Equal(taken, own.Allows(IPAddress.Loopback, "http"));
        Assert.NotNull(own.Refuse("http://192.168.0.5/hooks", out _));
        Assert.NotNull(own.Refuse("https://127.0.0.1:5001/hooks", out _));
        Assert.False(own.Allows(IPAddress.Parse("192.168.0.5"), "http"));
    }

    private static TargetRules Rules(WebhooksOptions options, string environment = "Production") => new(Options.Create(options), new Surroundings(environment));

    private sealed class Surroundings(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "test";
        public string ContentRootPath { get; set; } = "/";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
