using NotificationServer.Channels;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Templates;

/// What words may say of whom they go to.
public sealed class PersonVariableTests
{
    private static readonly PersonValues Ann = PersonValues.Of("u_1", "de-CH", "Europe/Zurich", "CH",
        """{"first_name":"Ann","plan":"pro","address":{"city":"Bern"},"cards":["blue","green"],"country":"nowhere","email":"in-the-attributes"}""");

    [Theory]
    [InlineData("{{user.first_name}}", "Ann")]
    [InlineData("{{user.attributes.first_name}}", "Ann")]
    [InlineData("{{user.id}} {{user.locale}} {{user.time_zone}} {{user.country}}", "u_1 de-CH Europe/Zurich CH")]
    [InlineData("{{user.address.city}}", "Bern")]
    [InlineData("{{user.cards.1}}, {{user.cards.length}}", "green, 2")]
    [InlineData("{{upper user.first_name}}", "ANN")]
    [InlineData("{{#with user}}{{first_name}} of {{country}}{{/with}}", "Ann of CH")]
    [InlineData("{{#each user.attributes.cards}}{{this}};{{/each}}", "blue;green;")]
    [InlineData("{{#if (eq user.plan \"pro\")}}Pro{{/if}}", "Pro")]
    [InlineData("{{default user.nick \"friend\"}}", "friend")]
    [InlineData("{{#each items}}{{this}} for {{@root.user.first_name}}{{/each}}", "tea for Ann")]
    public void A_profile_is_said_by_its_names(string template, string said) => Assert.Equal(said, Say(template, """{"items":["tea"]}""", Ann).Content?.Text);

    [Fact]
    public void What_the_server_knows_cannot_be_an_attribute_of_the_same_name()
    {
        Assert.Equal("CH, nowhere", Say("{{user.country}}, {{user.attributes.country}}", "{}", Ann).Content?.Text);
        // Of somebody whose country nobody said, the attribute says nothing either.
        Assert.Equal("user.country", Say("{{user.country}}", "{}", Ann with { Country = null }).LacksOfPerson);
    }

    [Theory]
    [InlineData("{{user.last_name}}", "user.last_name")]
    [InlineData("{{user.attributes.first_name}} {{user.attributes.age}}", "user.attributes.age")]
    [InlineData("{{user.address}}", "user.address")]
    [InlineData("{{user.phone}}", "user.phone")]
    public void Where_the_profile_lacks_what_is_printed_nothing_is_said_and_it_is_told_apart(string template, string lacks)
    {
        var said = Say(template, "{}", Ann);

        Assert.Equal((null, lacks, $"the person's profile lacks '{lacks}'"), (said.Content, said.LacksOfPerson, said.ErrorMessage));
        Assert.Equal(lacks, Say(template, "{}", PersonValues.Nobody) is { Content: null, LacksOfPerson: { } } ? lacks : null);
        Assert.Null(Say("{{name}} {{user.last_name}}", "{}", Ann).LacksOfPerson); // the caller's fault comes first where it stands first
    }

    [Theory]
    [InlineData("""{"user":{"first_name":"Bea"}}""", "Bea, pro")]
    [InlineData("""{"user":{"first_name":null}}""", "Ann, pro")]
    [InlineData("""{"user":null}""", "Ann, pro")]
    [InlineData("""{"user":{"plan":"free","id":"x"}}""", "Ann, free")]
    public void What_comes_with_the_notification_outweighs_the_profile_name_by_name(string data, string said) =>
        Assert.Equal(said, Say("{{user.first_name}}, {{user.plan}}", data, Ann).Content?.Text);

    [Fact]
    public void A_user_that_is_no_object_is_the_callers_own_word()
    {
        Assert.Equal("hello ann", Say("hello {{user}}", """{"user":"ann"}""", Ann).Content?.Text);
        Assert.Equal("user.first_name", Say("{{user.first_name}}", """{"user":"ann"}""", Ann).LacksOfPerson);
        Assert.Equal(["user"], Saying.Sms("hello {{user}}").RequiredVariables(ChannelFamily.Sms));
    }

    [Fact]
    public void Nobody_is_asked_for_a_profile_and_it_is_read_only_for_words_that_speak_of_it()
    {
        var template = Saying.Sms("{{name}} {{user.first_name}} {{user.attributes.plan}}");

        Assert.Equal(["name"], template.RequiredVariables(ChannelFamily.Sms));
        Assert.Empty(template.Missing([ChannelFamily.Sms], Saying.Json("""{"name":"x"}""")));
        Assert.True(template.WantsPerson(ChannelFamily.Sms));
        Assert.False(template.WantsPerson(ChannelFamily.Email));
        foreach (var (text, wants) in new[] { ("{{name}}", false), ("{{users.first}} {{username}}", false), ("{{#if user}}x{{/if}}", true), ("{{default user.plan \"x\"}}", true), ("the user.first_name", false) })
            Assert.True(wants == Saying.Sms(text).WantsPerson(ChannelFamily.Sms), text);
    }

    [Fact]
    public void What_clients_say_of_people_is_escaped_like_everything_else()
    {
        var mallory = PersonValues.Of("u_2", null, null, null, """{"first_name":"<b>M</b>"}""");

        var said = Saying.Html("<p>{{user.first_name}}</p>").Render(ChannelFamily.Email, Saying.Json("{}"), new RenderSetting { Person = mallory });

        Assert.Equal("<p>&lt;b&gt;M&lt;/b&gt;</p>", said.Content?.Html);
    }

    private static RenderResult Say(string template, string data, PersonValues person) =>
        Saying.Sms(template).Render(ChannelFamily.Sms, Saying.Json(data), new RenderSetting { Person = person });
}
