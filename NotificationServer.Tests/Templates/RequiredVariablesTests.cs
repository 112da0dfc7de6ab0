using NotificationServer.Channels;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Templates;

[Bar("B45")]
public sealed class RequiredVariablesTests
{
    private static readonly Template Shipped = Saying.Of(new TemplateParts(
        new PushPart("Order {{order.no}}", "Hi {{name}}", Saying.Json("""{"link":"app://orders/{{order.id}}","n":1,"deep":{"l":["{{name}}"]}}""")),
        new SmsPart("{{name}}: {{#if late}}{{late.reason}}{{/if}}{{#each items}}{{title}}{{/each}}{{#with shop}}{{city}}{{/with}}{{@root.code}}"),
        new EmailPart("{{this.subject}}", "<p>{{name}}</p>", null)));

    [Fact]
    public void What_is_always_printed_is_required_and_what_stands_in_a_block_is_not()
    {
        Assert.Equal(["name", "code"], Shipped.RequiredVariables(ChannelFamily.Sms));
        Assert.Equal(["order.no", "name", "order.id"], Shipped.RequiredVariables(ChannelFamily.Push));
        Assert.Equal(["subject", "name", "code"], Shipped.RequiredVariables(ChannelFamily.Email, ChannelFamily.Sms));
    }

    [Theory]
    [InlineData("""{"name":"Ann","code":"1"}""")]
    [InlineData("""{"name":"","code":0}""")] // said on purpose
    [InlineData("""{"name":false,"code":"1","extra":{}}""")]
    [InlineData("""{"code":"1"}""", "name")]
    [InlineData("""{"name":null,"code":"1"}""", "name")]
    [InlineData("""{"Name":"Ann","code":"1"}""", "name")]
    [InlineData("""{"name":{"first":"Ann"},"code":"1"}""", "name")]
    [InlineData("""{"name":["Ann"],"code":"1"}""", "name")]
    [InlineData("{}", "name", "code")]
    [InlineData("[]", "name", "code")]
    [InlineData("\"name\"", "name", "code")]
    public void Missing_names_what_the_data_lacks(string data, params string[] missing)
    {
        Assert.Equal(missing, Shipped.Missing([ChannelFamily.Sms], Saying.Json(data)));
    }

    [Fact]
    public void A_path_is_missing_as_soon_as_one_step_of_it_is()
    {
        Assert.Equal(["order.no", "name", "order.id"], Shipped.Missing([ChannelFamily.Push], null));
        Assert.Equal(["order.id"], Shipped.Missing([ChannelFamily.Push], Saying.Json("""{"name":"Ann","order":{"no":"1","id":null}}""")));
        Assert.Equal(["order.no", "order.id"], Shipped.Missing([ChannelFamily.Push], Saying.Json("""{"name":"Ann","order":"1"}""")));
    }

    [Fact]
    public void Rendering_says_so_too_instead_of_writing_Hello_comma()
    {
        var result = Saying.Sms("Hello {{name}},").Render(ChannelFamily.Sms, Saying.Json("{}"));

        Assert.Equal((RenderResult.TemplateError, "the data lacks 'name'"), (result.ErrorCode, result.ErrorMessage));
    }

    [Fact]
    public void Push_data_is_rendered_inside_its_JSON_and_cannot_be_broken_out_of()
    {
        var data = Saying.Json("""{"name":"A\",\"admin\":true,\"x\":\"","order":{"no":"1","id":"9"}}""");

        var rendered = Shipped.Render(ChannelFamily.Push, data).Content!.Data!.Value;

        Assert.Equal("app://orders/9", rendered.GetProperty("link").GetString());
        Assert.Equal(1, rendered.GetProperty("n").GetInt32());
        Assert.Equal("A\",\"admin\":true,\"x\":\"", rendered.GetProperty("deep").GetProperty("l")[0].GetString());
        Assert.False(rendered.TryGetProperty("admin", out _));
    }

    [Fact]
    public void A_family_without_a_part_has_no_words_and_words_that_vanish_are_an_error()
    {
        Assert.False(Saying.Sms("x").CanSay(ChannelFamily.Push));
        Assert.False(Saying.Sms("x").Render(ChannelFamily.Push, null).Succeeded);
        Assert.False(Saying.Sms("{{#if a}}x{{/if}} ").Render(ChannelFamily.Sms, null).Succeeded);
        Assert.False(Saying.Subject("{{a}}").Render(ChannelFamily.Email, Saying.Json("""{"a":"\n"}""")).Succeeded);
    }
}
