using NotificationServer.Channels;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Templates;

public sealed class LocaleTests
{
    private static readonly Template Greeting = Saying.Of(new TemplateParts(new PushPart("Hello", "{{name}}"), new SmsPart("Hello {{name}}"), new EmailPart("Hello", Text: "{{name}}"))
    {
        DefaultLocale = "en",
        Locales = new Dictionary<string, TemplateParts>
        {
            ["de"] = new(Sms: new SmsPart("Hallo {{name}}"), Email: new EmailPart("Hallo", Text: "{{name}}")),
            ["de-CH"] = new(Sms: new SmsPart("Grüezi {{name}}")),
            ["zh-Hant"] = new(Sms: new SmsPart("您好 {{name}}")),
        },
    });

    [Theory]
    [InlineData("de-CH", "Grüezi Ann", "de-CH")]
    [InlineData("de-ch", "Grüezi Ann", "de-CH")]
    [InlineData("de-CH-1996", "Grüezi Ann", "de-CH")]
    [InlineData("de-AT", "Hallo Ann", "de")]
    [InlineData("de", "Hallo Ann", "de")]
    [InlineData("zh-Hant-TW", "您好 Ann", "zh-Hant")]
    [InlineData("zh", "Hello Ann", "en")]
    [InlineData("ko", "Hello Ann", "en")]
    [InlineData("", "Hello Ann", "en")]
    [InlineData(null, "Hello Ann", "en")]
    public void The_words_are_those_of_the_nearest_locale_and_the_result_says_which(string? person, string expected, string used)
    {
        var result = Greeting.Render(ChannelFamily.Sms, Saying.Data(new { name = "Ann" }), new RenderSetting(person));

        Assert.Equal((expected, used), (result.Content?.Text, result.Locale));
    }

    [Fact]
    public void Each_channel_falls_back_on_its_own_and_never_mixes_two_locales()
    {
        var swiss = new RenderSetting("de-CH");

        Assert.Equal(("Hallo", "de"), Mail(swiss));
        Assert.Equal("en", Greeting.Render(ChannelFamily.Push, Saying.Data(new { name = "Ann" }), swiss).Locale);

        static (string?, string?) Mail(RenderSetting setting)
        {
            var result = Greeting.Render(ChannelFamily.Email, Saying.Data(new { name = "Ann" }), setting);
            return (result.Content?.Subject, result.Locale);
        }
    }

    [Fact]
    public void What_any_locale_prints_is_required_because_nobody_knows_yet_who_will_read_it()
    {
        var template = Saying.Of(new TemplateParts(Sms: new SmsPart("{{name}}"))
        {
            Locales = new Dictionary<string, TemplateParts> { ["de"] = new(Sms: new SmsPart("{{title}} {{name}}")) },
        });

        Assert.Equal(["name", "title"], template.RequiredVariables(ChannelFamily.Sms));
        Assert.Equal("Ann", template.Render(ChannelFamily.Sms, Saying.Data(new { name = "Ann" })).Content?.Text);
        Assert.Equal("the data lacks 'title'", template.Render(ChannelFamily.Sms, Saying.Data(new { name = "Ann" }), new RenderSetting("de")).ErrorMessage);
    }

    [Theory]
    [InlineData("de-CH", "Europe/Zurich", "de")]
    [InlineData("en-GB", "Europe/London", "en")]
    [InlineData("ko-KR", "Asia/Seoul", "en")]
    [InlineData("xx-YY", "Nowhere/Else", "en")]
    public void Whoever_reads_the_words_are_told_in_their_own_language(string person, string zone, string language)
    {
        var result = Greeting.Render(ChannelFamily.Email, Saying.Data(new { name = "Ann" }), new RenderSetting(person, zone));

        Assert.Equal(language, result.Locale);
    }

    [Theory]
    [InlineData("de", "de-CH", "Europe/Zurich", "de-CH", "Europe/Zurich")]
    [InlineData("en", "de-CH", null, "en", "UTC")]
    [InlineData(null, "de-CH", null, "de-CH", "UTC")]
    [InlineData("en", null, "Asia/Seoul", "en", "Asia/Seoul")]
    [InlineData(null, null, null, "", "UTC")]
    [InlineData("de", "de-XX-abcde", "No/Where", "de", "UTC")]
    public void Dates_follow_the_words_language_and_the_persons_place(string? words, string? person, string? zone, string culture, string clock)
    {
        var voice = Voices.Of(words, new RenderSetting(person, zone));

        Assert.Equal((culture, clock), (voice.Culture.Name, voice.Zone.Id));
    }

    [Fact]
    public void A_fault_in_one_locale_silences_nobody_else()
    {
        var template = Saying.Of(new TemplateParts(Sms: new SmsPart("Hello"))
        {
            Locales = new Dictionary<string, TemplateParts> { ["de"] = new(Sms: new SmsPart("{{{name}}}")) },
        });

        Assert.Equal("Hello", template.Render(ChannelFamily.Sms, null, new RenderSetting("fr")).Content?.Text);
        Assert.StartsWith("/locales/de/sms/body", template.Render(ChannelFamily.Sms, null, new RenderSetting("de")).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_locales_is_said_with_a_pointer()
    {
        var errors = TemplateRules.Check(new TemplateParts(Sms: new SmsPart("Hello"))
        {
            DefaultLocale = "en",
            Locales = new Dictionary<string, TemplateParts>
            {
                ["deutsch"] = new(Sms: new SmsPart("a")),
                ["EN"] = new(Sms: new SmsPart("a")),
                ["fr"] = new(Email: new EmailPart("a", Text: "a")),
                ["it"] = new(),
                ["pt"] = new(Sms: new SmsPart("a")),
                ["PT"] = new(Sms: new SmsPart(" ")),
            },
        });

        Assert.Equal(
            [
                ("/locales/deutsch", "invalid_locale"), ("/locales/EN", "duplicate"), ("/locales/fr/email", "no_default"), ("/locales/it", "required"),
                ("/locales/PT", "duplicate"), ("/locales/PT/sms/body", "required"),
            ],
            errors.Select(error => (error.Pointer, error.Code)));
    }
}
