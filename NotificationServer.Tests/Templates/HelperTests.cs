using System.Globalization;

namespace NotificationServer.Tests.Templates;

/// What each helper says, in whose language; and what it does with what it cannot use.
public sealed class HelperTests
{
    private const string Instant = """{"at":"2026-03-29T00:30:00Z","day":"2026-03-29"}""";

    [Theory]
    [InlineData("{{date day}}", "de-CH", "29.03.2026")]
    [InlineData("{{date day \"short\"}}", "en-US", "3/29/2026")]
    [InlineData("{{date day \"short\"}}", "en-GB", "29/03/2026")]
    [InlineData("{{date day \"medium\"}}", "en-US", "Mar 29, 2026")]
    [InlineData("{{date day \"long\"}}", "en-US", "March 29, 2026")]
    [InlineData("{{date day \"long\"}}", "de", "29. März 2026")]
    [InlineData("{{date day \"long\"}}", "fr", "29 mars 2026")]
    [InlineData("{{date day \"long\"}}", "ja", "2026年3月29日")]
    [InlineData("{{date day \"full\"}}", "en-US", "Sunday, March 29, 2026")]
    [InlineData("{{date day \"full\"}}", "de-CH", "Sonntag, 29. März 2026")]
    [InlineData("{{date day \"long\"}}", "", "29 March 2026")]
    [InlineData("{{date day \"iso\"}}", "ar", "2026-03-29")]
    [InlineData("{{date day \"DD.MM.YYYY\"}}", "en", "29.03.2026")]
    [InlineData("{{date day \"dddd, D MMMM yyyy\"}}", "fr", "dimanche, 29 mars 2026")]
    [InlineData("{{date day \"D\"}}", "en", "29")]
    [InlineData("{{date day 'EEE MMM d'}}", "en", "Sun Mar 29")]
    [InlineData("{{formatDate day \"MM/DD/YY\"}}", "en", "03/29/26")]
    public void A_date_is_written_in_the_readers_language(string template, string locale, string expected)
    {
        Assert.Equal(expected, Spoken.Sms(template, Instant, locale));
    }

    [Theory]
    [InlineData("{{date at \"iso\"}}", "UTC", "2026-03-29T00:30:00+00:00")]
    [InlineData("{{date at \"iso\"}}", "Europe/Zurich", "2026-03-29T01:30:00+01:00")]
    [InlineData("{{date at \"iso\"}}", "America/New_York", "2026-03-28T20:30:00-04:00")]
    [InlineData("{{date at \"iso\" zone=\"Asia/Kolkata\"}}", "Europe/Zurich", "2026-03-29T06:00:00+05:30")]
    [InlineData("{{date at \"time\"}}", "Europe/Zurich", "01:30")]
    [InlineData("{{date at \"datetime\"}}", "America/New_York", "28.03.2026, 20:30")]
    [InlineData("{{date at \"HH:mm\"}}", "Asia/Tokyo", "09:30")]
    [InlineData("{{formatDate at \"HH:mm\" \"Asia/Tokyo\"}}", "UTC", "09:30")]
    [InlineData("{{date day \"DD\"}}", "America/New_York", "29")] // a day is a day everywhere
    [InlineData("{{date at \"iso\"}}", "Nowhere/Land", "2026-03-29T00:30:00+00:00")]
    public void An_instant_is_said_at_the_readers_clock_or_at_that_of_a_named_zone(string template, string zone, string expected)
    {
        Assert.Equal(expected, Spoken.Sms(template, Instant, "de", zone));
    }

    [Fact]
    public void An_hour_that_the_summer_skips_and_one_that_the_autumn_repeats_are_said_as_clocks_show_them()
    {
        const string template = "{{#each at}}{{date this \"HH:mm\"}} {{/each}}";

        Assert.Equal("01:59 03:00 02:30 02:30 ", Spoken.Sms(template, """
            {"at":["2026-03-29T00:59:00Z","2026-03-29T01:00:00Z","2026-10-25T00:30:00Z","2026-10-25T01:30:00Z"]}
            """, "de", "Europe/Zurich"));
    }

    [Theory]
    [InlineData("{{number n}}", "1234567.891", "en", "1,234,567.891")]
    [InlineData("{{number n}}", "1234567.891", "de", "1.234.567,891")]
    [InlineData("{{number n}}", "1234567.891", "de-CH", "1’234’567.891")]
    [InlineData("{{number n}}", "1234567.891", "hi", "12,34,567.891")]
    [InlineData("{{number n}}", "1234567.891", "", "1,234,567.891")]
    [InlineData("{{number n}}", "5.00", "en", "5")]
    [InlineData("{{number n}}", "2.0005", "en", "2.001")]
    [InlineData("{{number n}}", "\" -12.50 \"", "en", "-12.5")]
    [InlineData("{{number n decimals=2}}", "5", "en", "5.00")]
    [InlineData("{{number n decimals=0}}", "2.5", "en", "3")]
    [InlineData("{{percent n}}", "0.25", "en", "25%")]
    [InlineData("{{percent n}}", "0.25", "fr", "25 %")]
    [InlineData("{{percent n decimals=1}}", "0.125", "de", "12,5 %")]
    [InlineData("{{currency n \"CHF\"}}", "1234.5", "de-CH", "CHF 1’234.50")]
    [InlineData("{{currency n \"EUR\"}}", "1234.5", "de", "1.234,50 €")]
    [InlineData("{{currency n \"EUR\"}}", "1234.5", "fr", "1 234,50 €")]
    [InlineData("{{currency n \"USD\"}}", "1234.5", "en-US", "$1,234.50")]
    [InlineData("{{currency n \"USD\"}}", "-1234.5", "en-US", "-$1,234.50")]
    [InlineData("{{currency n \"USD\"}}", "1234.5", "en-CA", "USD 1,234.50")]
    [InlineData("{{currency n \"CHF\"}}", "1234.5", "en", "CHF 1,234.50")]
    [InlineData("{{currency n \"JPY\"}}", "1234.5", "en", "¥1,235")]
    [InlineData("{{currency n \"KWD\"}}", "1234.5", "en", "KWD 1,234.500")]
    [InlineData("{{currency n \"XOF\"}}", "12", "", "XOF 12")]
    [InlineData("{{currency n c}}", "\"19.9\"", "en-GB", "£19.90")]
    public void Numbers_are_written_as_the_readers_language_writes_them(string template, string number, string locale, string expected)
    {
        var said = Spoken.Sms(template, $$"""{"n":{{number}},"c":"GBP"}""", locale);

        Assert.Equal(expected, said.Replace('\u202f', ' ').Replace('\u00a0', ' '));
    }

    [Fact]
    public void An_SMS_has_no_blank_that_would_make_it_twice_as_long()
    {
        Assert.Equal("1 234,50 € 25 %", Spoken.Say("{{currency n \"EUR\"}} {{percent p}}", NotificationServer.Templates.TextRule.Sms, """{"n":1234.5,"p":0.25}""", "fr"));
    }

    [Theory]
    [InlineData("en", "0", "0 items")]
    [InlineData("en", "1", "1 item")]
    [InlineData("en", "\"1\"", "1 item")]
    [InlineData("en", "1.5", "1.5 items")]
    [InlineData("en", "1000", "1,000 items")]
    [InlineData("xx", "1", "1 item")]
    public void A_plural_is_chosen_by_the_number_and_has_it_written_for_the_sharp(string locale, string count, string expected)
    {
        Assert.Equal(expected, Spoken.Sms("{{plural n one=\"# item\" other=\"# items\"}}", $$"""{"n":{{count}}}""", locale));
    }

    [Fact]
    public void A_language_with_more_forms_gets_them_and_other_stands_in_for_those_that_are_not_given()
    {
        const string template = "{{#each n}}{{plural this one=\"# plik\" few=\"# pliki\" many=\"# plików\" other=\"# pliku\"}}, {{/each}}";

        Assert.Equal("1 plik, 2 pliki, 5 plików, 22 pliki, 1,5 pliku, ", Spoken.Sms(template, """{"n":[1,2,5,22,1.5]}""", "pl"));
        Assert.Equal("1x2x5x", Spoken.Sms("{{#each n}}{{plural this other=\"#x\"}}{{/each}}", """{"n":[1,2,5]}""", "pl"));
    }

    [Theory]
    [InlineData("Hi {{default name \"friend\"}}", """{"name":"Ann"}""", "Hi Ann")]
    [InlineData("Hi {{default name \"friend\"}}", "{}", "Hi friend")]
    [InlineData("Hi {{default name \"friend\"}}", """{"name":"  "}""", "Hi friend")]
    [InlineData("Hi {{default name nick}}", """{"nick":"Bo"}""", "Hi Bo")]
    [InlineData("{{default n 5}}", """{"n":0}""", "0")] // said on purpose
    [InlineData("{{insert name \"default=friend\"}}", "{}", "friend")]
    [InlineData("{{truncate t 5}}", """{"t":"abcdef"}""", "abcd…")]
    [InlineData("{{truncate t 5}}", """{"t":"abcde"}""", "abcde")]
    [InlineData("{{truncate t 4}}", """{"t":"👨‍👩‍👧‍👦👨‍👩‍👧‍👦ab"}""", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦ab")]
    [InlineData("{{truncate t 2}}", """{"t":"👨‍👩‍👧‍👦👨‍👩‍👧‍👦ab"}""", "👨‍👩‍👧‍👦…")]
    [InlineData("{{truncate t 3}}", """{"t":"e\u0301e\u0301e\u0301e\u0301"}""", "e\u0301e\u0301…")]
    [InlineData("{{truncate t 6 ellipsis=\"...\"}}", """{"t":"ab cdefg"}""", "ab...")]
    [InlineData("{{truncate t 1}}", """{"t":"ab"}""", "…")]
    [InlineData("{{upper t}}{{lower t}}", """{"t":"aB"}""", "ABab")]
    [InlineData("{{upper (default t \"none\")}}", "{}", "NONE")]
    [InlineData("{{truncate (upper (default t \"nothing\")) 4}}", "{}", "NOT…")]
    [InlineData("{{link u}}", """{"u":"https://x.test/a?b=c"}""", "https://x.test/a?b=c")]
    [InlineData("https://x.test/?q={{urlencode q}}", """{"q":"a b&c"}""", "https://x.test/?q=a%20b%26c")]
    [InlineData("{{date}} {{default}}", """{"date":"d","default":"e"}""", "d e")] // a variable may be called as a helper is
    public void Words_are_filled_in_shortened_and_changed(string template, string data, string expected)
    {
        Assert.Equal(expected, Spoken.Sms(template, data));
    }

    [Fact]
    public void Letters_grow_as_the_readers_language_has_them_grow()
    {
        Assert.Equal("İSTANBUL", Spoken.Sms("{{upper t}}", """{"t":"istanbul"}""", "tr"));
        Assert.Equal("ISTANBUL", Spoken.Sms("{{upper t}}", """{"t":"istanbul"}""", "en"));
    }

    [Theory]
    [InlineData("(eq plan \"pro\")", true)]
    [InlineData("(eq plan \"Pro\")", false)]
    [InlineData("(ne plan \"pro\")", false)]
    [InlineData("(eq n 5)", true)]
    [InlineData("(eq n \"5.0\")", true)]
    [InlineData("(eq vip true)", true)]
    [InlineData("(eq gone gone2)", true)]
    [InlineData("(eq gone \"\")", false)]
    [InlineData("(gt n 4)", true)]
    [InlineData("(gt n 5)", false)]
    [InlineData("(gte n 5)", true)]
    [InlineData("(lt \"10\" \"9\")", false)]
    [InlineData("(lt n gone)", false)]
    [InlineData("(gt list 1)", false)]
    [InlineData("(lte n list.length)", false)]
    [InlineData("(lt at \"2026-03-29T02:00:00+01:00\")", true)]
    [InlineData("(gt \"b\" \"a\")", true)]
    [InlineData("(and vip (gt n 3) (not gone))", true)]
    [InlineData("(and vip gone)", false)]
    [InlineData("(or gone empty vip)", true)]
    [InlineData("(or gone empty zero)", false)]
    [InlineData("(not empty)", true)]
    [InlineData("(equals plan \"pro\")", true)]
    public void A_condition_compares(string condition, bool holds)
    {
        const string data = """{"plan":"pro","n":5,"vip":true,"list":[1,2],"empty":[],"zero":0,"at":"2026-03-29T00:30:00Z"}""";

        Assert.Equal(holds ? "yes" : "no", Spoken.Sms($$$"""{{#if {{{condition}}}}}yes{{else}}no{{/if}}""", data));
        Assert.Equal(holds ? "no" : "yes", Spoken.Sms($$$"""{{#unless {{{condition}}}}}yes{{else}}no{{/unless}}""", data));
        Assert.Equal(holds ? "yes" : "no", Spoken.Sms($$$"""{{#if gone}}{{else if {{{condition}}}}}yes{{else}}no{{/if}}""", data));
    }

    [Theory]
    [InlineData("{{#equals plan \"pro\"}}yes{{else}}no{{/equals}}", "yes")]
    [InlineData("{{#greaterThan n 7}}yes{{else if (eq n 5)}}five{{/greaterThan}}", "five")]
    [InlineData("{{#and plan n}}yes{{/and}}", "yes")]
    public void Blocks_that_compare_as_other_mail_services_write_them_are_understood(string template, string expected)
    {
        Assert.Equal(expected, Spoken.Sms(template, """{"plan":"pro","n":5}"""));
    }

    [Fact]
    public void A_list_knows_where_it_is()
    {
        const string template = "{{#each l}}{{#if (eq @index 1)}}*{{/if}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{#if @first}}!{{/if}}{{else}}none{{/each}}";

        Assert.Equal("0a,!*1b", Spoken.Sms(template, """{"l":["a","b"]}"""));
        Assert.Equal("none", Spoken.Sms(template, """{"l":[]}"""));
    }

    [Theory]
    [InlineData("{{date v}}", "\"abc\"", "cannot read 'v' as a date: write 2026-03-29, or 2026-03-29T10:00:00Z with Z or an offset")]
    [InlineData("{{date v}}", "\"2026-02-30\"", "cannot read 'v' as a date: write 2026-03-29, or 2026-03-29T10:00:00Z with Z or an offset")]
    [InlineData("{{date v}}", "\"2026-03-29T10:00:00\"", "cannot read 'v' as a date: write 2026-03-29, or 2026-03-29T10:00:00Z with Z or an offset")]
    [InlineData("{{date v}}", "1774744200", "cannot read 'v' as a date: write 2026-03-29, or 2026-03-29T10:00:00Z with Z or an offset")]
    [InlineData("{{date v}}", "null", "needs 'v', which the data lacks")]
    [InlineData("{{date v \"time\"}}", "\"2026-03-29\"", "has no time of day to say: 'v' is only a date")]
    [InlineData("{{date d zone=v}}", "\"Mars/Base\"", "was given a zone that is no time zone: write one as Europe/Zurich")]
    [InlineData("{{number v}}", "\"1,000\"", "cannot read 'v' as a number")]
    [InlineData("{{number v}}", "1e300", "cannot read 'v' as a number")]
    [InlineData("{{number v}}", "true", "cannot read 'v' as a number")]
    [InlineData("{{number v}}", "[1]", "cannot read 'v' as a number")]
    [InlineData("{{percent v}}", "79228162514264337593543950335", "cannot say 'v' in percent: it is too large")]
    [InlineData("{{currency v \"CHF\"}}", "\"\"", "cannot read 'v' as a number")]
    [InlineData("{{currency 1 v}}", "\"XXX\"", "was given a currency for the text in quotes that is none: write its code of three letters")]
    [InlineData("{{plural v other=\"#\"}}", "\"many\"", "cannot read 'v' as a number")]
    [InlineData("{{link v}}", "\"javascript:alert(1)\"", "cannot use 'v' as a link: it begins with https:, http:, mailto:, tel: or sms:")]
    [InlineData("{{link v}}", "\"/relative\"", "cannot use 'v' as a link: it begins with https:, http:, mailto:, tel: or sms:")]
    [InlineData("{{link v}}", "null", "needs 'v', which the data lacks")]
    public void What_a_helper_cannot_use_ends_the_rendering_with_a_reason_that_does_not_tell_the_value(string template, string value, string problem)
    {
        Assert.Equal($"problem: {problem}", Spoken.Sms(template, $$"""{"v":{{value}},"d":"2026-03-29T10:00:00Z"}"""));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "en", "America/New_York")]
    [InlineData("9999-12-31T23:59:59Z", "en", "Asia/Tokyo")]
    [InlineData("2200-01-01", "ar-SA", "UTC")]
    [InlineData("1500-01-01", "fa-IR", "UTC")]
    [InlineData("0500-01-01", "th-TH", "UTC")]
    public void A_date_at_the_edge_of_a_calendar_is_said_or_refused_and_breaks_nothing(string date, string locale, string zone)
    {
        foreach (var style in (string[])["short", "medium", "long", "full", "iso", "MMMM"])
            Assert.NotEmpty(Spoken.Sms($$$"""{{date d "{{{style}}}"}}""", $$"""{"d":"{{date}}"}""", locale, zone));
    }

    [Fact]
    public void Every_culture_of_the_platform_can_say_every_style_and_a_price()
    {
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.AllCultures))
        {
            var said = Spoken.Sms("{{date d \"medium\"}}|{{date d \"long\"}}|{{date d \"full\"}}|{{date d \"datetime\"}}|{{currency n \"CHF\"}}|{{plural n other=\"#\"}}",
                """{"d":"2026-03-29T10:00:00Z","n":1234.5}""", culture.Name);
            Assert.DoesNotContain("problem:", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{{date}}{{date x \"yyyyyyyy\"}}")]
    [InlineData("{{date x \"R\"}}")]
    [InlineData("{{date x \"\"}}")]
    [InlineData("{{date x style}}")]
    [InlineData("{{date x \"long\" zone=\"Mars/Base\"}}")]
    [InlineData("{{date x \"long\" \"Europe/Zurich\"}}")]
    [InlineData("{{date x \"long\" locale=\"de\"}}")]
    [InlineData("{{date}}{{date \"a\" \"b\" \"c\" \"d\"}}")]
    [InlineData("{{number x decimals=11}}")]
    [InlineData("{{number x decimals=\"2\"}}")]
    [InlineData("{{number x decimals=1.5}}")]
    [InlineData("{{number x decimals=n}}")]
    [InlineData("{{currency x}}")]
    [InlineData("{{currency x \"Franken\"}}")]
    [InlineData("{{currency x \"chf\"}}")]
    [InlineData("{{plural x one=\"a\"}}")]
    [InlineData("{{plural x other=y}}")]
    [InlineData("{{plural x some=\"a\" other=\"b\"}}")]
    [InlineData("{{plural x other=\"a\" other=\"b\"}}")]
    [InlineData("{{truncate x}}")]
    [InlineData("{{truncate x 0}}")]
    [InlineData("{{truncate x -1}}")]
    [InlineData("{{truncate x 2147483648}}")]
    [InlineData("{{truncate x 2 ellipsis=\"...\"}}")]
    [InlineData("{{default x}}")]
    [InlineData("{{upper x y}}")]
    [InlineData("{{upper \"a}}")]
    [InlineData("{{upper \"a\\\"b\"}}")]
    [InlineData("{{upper (lower x}}")]
    [InlineData("{{upper lower x)}}")]
    [InlineData("{{upper (nothing x)}}")]
    [InlineData("{{upper (\"lower\" x)}}")]
    [InlineData("{{(upper x)}}")]
    [InlineData("{{eq a b}}")]
    [InlineData("{{#if eq a b}}x{{/if}}")]
    [InlineData("{{#if a b}}x{{/if}}")]
    [InlineData("{{#if (eq a)}}x{{/if}}")]
    [InlineData("{{#if (eq a b}}x{{/if}}")]
    [InlineData("{{#equals plan}}x{{/equals}}")]
    [InlineData("{{#equals plan \"a\"}}x{{/if}}")]
    [InlineData("{{#each (eq a b)}}x{{/each}}")]
    [InlineData("{{5}}")]
    [InlineData("{{true}}")]
    public void A_helper_that_is_written_wrongly_is_refused_when_it_is_saved(string template)
    {
        Assert.StartsWith("refused: template_syntax line 1: ", Spoken.Sms(template), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_that_is_mentioned_is_known_with_its_place_in_the_data()
    {
        var variables = Spoken.Variables(
            "{{date order.placed zone=tz}}{{default nick name}}{{#if (gt total 5)}}{{city}}{{/if}}{{#each items}}{{title}}{{../city}}{{@root.shop}}{{@index}}{{#each tags}}{{this}}{{/each}}{{/each}}{{#with address}}{{street}}{{/with}}{{city}}");

        Assert.Equal(
            ["order.placed!", "tz!", "nick", "name", "total", "city!", "items", "items[].title", "shop", "items[].tags", "items[].tags[]", "address", "address.street"],
            variables.Select(v => v.Required ? $"{v.Path}!" : v.Path));
    }
}
