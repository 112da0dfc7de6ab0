using NotificationServer.Channels.Receipts;

namespace NotificationServer.Tests.Channels.Receipts;

public sealed class EngagersTests
{
    [Theory]
    [InlineData("Mozilla/5.0")] // Apple's privacy proxy
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")]
    [InlineData("WhatsApp/2.23.20.0")]
    [InlineData("TelegramBot (like TwitterBot)")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36")]
    [InlineData("BarracudaCentral/1.0")]
    [InlineData("Mimecast-URL-Scanner")]
    [InlineData("Proofpoint URL Defense")]
    [InlineData("curl/8.5.0")]
    [InlineData("python-requests/2.32")]
    [InlineData("Go-http-client/2.0")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    public void Machines_that_say_so_are_machines(string agent) => Assert.Equal(Engager.Machine, Engagers.OfAgent(agent));

    [Theory]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)")]
    [InlineData("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html")]
    [InlineData("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17126; Pro)")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.6.0")]
    public void Browsers_mail_programs_and_the_proxies_of_mailboxes_are_people(string agent) => Assert.Equal(Engager.Human, Engagers.OfAgent(agent));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Something/1.0")]
    [InlineData("Mozilla/4.0")]
    public void Of_others_nobody_knows(string? agent) => Assert.Equal(Engager.Unknown, Engagers.OfAgent(agent));
}
