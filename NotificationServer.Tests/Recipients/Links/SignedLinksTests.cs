using System.Buffers.Text;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Platform;
using NotificationServer.Recipients.Links;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Recipients.Links;

[Bar("S33", "B59")]
public sealed class SignedLinksTests(ServerHost server) : IClassFixture<ServerHost>
{
    private static readonly PersonalLink Ann = new() { Address = "ann@example.org", Channel = "email", Category = "offers", Locale = "de-CH" };

    private SignedLinks Links => server.Services.GetRequiredService<SignedLinks>();

    [Fact]
    public void A_link_says_what_was_sealed_and_nobody_can_read_that_from_it()
    {
        var token = Links.Seal(LinkPurpose.Unsubscribe, Ann, TimeSpan.FromDays(30));

        Assert.Equal(SignedLinks.Opening.Valid, Links.Open(LinkPurpose.Unsubscribe, token, out var opened));
        Assert.Equal(Ann, opened);
        Assert.DoesNotContain("ann@example.org", System.Text.Encoding.Latin1.GetString(Base64Url.DecodeFromChars(token)), StringComparison.Ordinal);
        Assert.Equal(token, Links.Seal(LinkPurpose.Unsubscribe, Ann, TimeSpan.FromDays(30)));
        Assert.DoesNotContain(token, c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'));
    }

    [Fact]
    public void A_link_for_one_purpose_is_nothing_to_another() =>
        Assert.Equal(SignedLinks.Opening.Invalid, Links.Open(LinkPurpose.Preferences, Links.Seal(LinkPurpose.Unsubscribe, Ann, TimeSpan.FromDays(30)), out _));

    [Fact]
    public void B59_a_link_that_was_changed_anywhere_is_none()
    {
        var token = Base64Url.DecodeFromChars(Links.Seal(LinkPurpose.Unsubscribe, Ann, TimeSpan.FromDays(30)));
        for (var i = 0; i < token.Length; i++)
        {
            var changed = (byte[])token.Clone();
            changed[i] ^= 1;
            Assert.Equal(SignedLinks.Opening.Invalid, Links.Open(LinkPurpose.Unsubscribe, Base64Url.EncodeToString(changed), out _));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("AAAA")]
    [InlineData("%00")]
    public void What_is_no_token_is_none(string? text) => Assert.Equal(SignedLinks.Opening.Invalid, Links.Open(LinkPurpose.Unsubscribe, text, out _));

    [Fact]
    public void A_link_ends_with_its_day()
    {
        var clock = new Today();
        var links = new SignedLinks(server.Services.GetRequiredService<ServerSecrets>(), clock);
        var token = links.Seal(LinkPurpose.Preferences, Ann, TimeSpan.FromDays(2));

        Assert.Equal(SignedLinks.Opening.Valid, links.Open(LinkPurpose.Preferences, token, out _));
        clock.Pass(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(SignedLinks.Opening.Valid, links.Open(LinkPurpose.Preferences, token, out _));
        clock.Pass(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        Assert.Equal(SignedLinks.Opening.Expired, links.Open(LinkPurpose.Preferences, token, out _));
    }

    /// A calendar that moves when it is told to.
    private sealed class Today : TimeProvider
    {
        private DateTimeOffset now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now;

        public void Pass(TimeSpan time) => now += time;
    }
}
