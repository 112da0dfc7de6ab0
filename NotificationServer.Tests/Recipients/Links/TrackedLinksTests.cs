using System.Buffers.Text;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Recipients.Links;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Recipients.Links;

[Bar("S33", "B59")]
public sealed class TrackedLinksTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Shop = "https://shop.example/ü?a=1&b=2#there";
    private static readonly Guid Message = Guid.CreateVersion7();

    private TrackedLinks Links => server.Services.GetRequiredService<TrackedLinks>();

    [Fact]
    public void A_token_says_where_it_leads_and_is_the_same_for_each_try()
    {
        var token = Links.ClickToken(Message, Shop, ClickMarks.ProvesOpen);

        Assert.Equal(new TrackedClick(Message, Shop, ClickMarks.ProvesOpen), Links.ReadClick(token));
        Assert.Equal(token, Links.ClickToken(Message, Shop, ClickMarks.ProvesOpen));
        Assert.Equal(Message, Links.ReadPixel(Links.PixelToken(Message)));
        Assert.DoesNotContain(token, c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'));
    }

    [Fact]
    public void B59_a_token_that_was_changed_anywhere_leads_nowhere()
    {
        var token = Base64Url.DecodeFromChars(Links.ClickToken(Message, Shop, ClickMarks.None));
        for (var i = 0; i < token.Length; i++)
        {
            var changed = (byte[])token.Clone();
            changed[i] ^= 1;
            Assert.Null(Links.ReadClick(Base64Url.EncodeToString(changed)));
        }
        Assert.Null(Links.ReadClick(Links.PixelToken(Message)));
        Assert.Null(Links.ReadPixel(Links.ClickToken(Message, Shop, ClickMarks.None)));
        foreach (var none in new[] { null, "", "..", "AAAA", "%00", new string('A', 100_000) }) Assert.Null(Links.ReadClick(none));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://shop.example/\r\nSet-Cookie: a=b")]
    [InlineData("ftp://shop.example/")]
    [InlineData("")]
    public void Where_nothing_can_lead_even_a_sealed_token_does_not(string url)
    {
        Assert.False(TrackedLinks.CanLeadTo(url));
        Assert.Null(Links.ReadClick(Links.ClickToken(Message, url, ClickMarks.None)));
    }

    [Fact]
    public void A_short_token_is_the_same_for_the_same_link_of_the_same_message_and_for_no_other()
    {
        var tokens = new[] { (Message, Shop), (Message, Shop + "x"), (Guid.CreateVersion7(), Shop) }.Select(link => Links.ShortToken(link.Item1, link.Item2)).ToList();

        Assert.Equal(3, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Matches("^[0-9A-Za-z]{11}$", token));
        Assert.Equal(tokens[0], Links.ShortToken(Message, Shop));
    }
}
