using NotificationServer.Channels;

namespace NotificationServer.Tests.Templates;

public sealed class TemplateTests
{
    [Fact]
    public void Names_paths_conditions_lists_and_contexts_are_filled_in()
    {
        var text = Saying.InSms(
            "Hi {{user.name}}{{#if vip}}, dear guest{{else}}!{{/if}}{{#unless late}} On time.{{/unless}}{{#each items}} {{@index}}:{{this.name}}x{{n}}{{/each}}{{#with shop}} {{city}} {{../vip}}{{/with}} {{items.0.name}} {{items.length}}",
            new { user = new { name = "Ann" }, vip = true, late = false, items = new[] { new { name = "Tea", n = 2 }, new { name = "Cup", n = 1 } }, shop = new { city = "Bern" } });

        Assert.Equal("Hi Ann, dear guest On time. 0:Teax2 1:Cupx1 Bern true Tea 2", text);
    }

    [Theory]
    [InlineData("{{#if a}}1{{else if b}}2{{else}}3{{/if}}", """{"b":true}""", "2")]
    [InlineData("{{#if a}}1{{^}}3{{/if}}", "{}", "3")]
    [InlineData("{{#each a}}x{{else}}none{{/each}}", """{"a":[]}""", "none")]
    [InlineData("{{#each a}}x{{else}}none{{/each}}", """{"a":"a word"}""", "none")]
    [InlineData("{{#each a}}{{@key}}={{this}}{{#unless @last}},{{/unless}}{{/each}}", """{"a":{"x":1,"y":2}}""", "x=1,y=2")]
    [InlineData("a {{~! quiet ~}} b{{!-- {{ and }} are words here --}}c", "{}", "abc")]
    [InlineData("{{~a~}} b", """{"a":"x"}""", "xb")]
    [InlineData("{{a}} {{A}}", """{"a":1,"A":2}""", "1 2")]
    [InlineData("{{value}} {{key}} {{index}} {{first}} {{last}} {{root}} {{parent}}", """{"value":1,"key":2,"index":3,"first":4,"last":5,"root":6,"parent":7}""", "1 2 3 4 5 6 7")]
    [InlineData("{{#each a}}{{key}}{{value}}{{first}}{{index}};{{/each}}", """{"a":[{"key":"k","value":"v","first":"f","index":"i"},{"key":"l","value":"w","first":"g","index":"j"}]}""", "kvfi;lwgj;")]
    [InlineData("{{a}} {{b}} {{c}} {{d}}", """{"a":19.90,"b":12345678901234567890,"c":false,"d":1e-9}""", "19.90 12345678901234567890 false 0.000000001")]
    [InlineData("[{{#each a}}{{this}}{{/each}}]", """{"a":[{"b":1},[1,2],null]}""", "[]")]
    public void The_language_does_what_its_writers_expect(string template, string data, string expected)
    {
        var result = Saying.Sms(template).Render(ChannelFamily.Sms, Saying.Json(data));

        Assert.Equal(expected, result.Content?.Text ?? result.ErrorMessage);
    }
}
