using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Admin.Pages.Campaigns;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Tests.Admin.Pages.Campaigns;

public sealed class ContentFormTests
{
    private static readonly string[] Said = ["email", "sms"];

    private static readonly CampaignPlan Plan = new()
    {
        Template = "sale", TemplateVersion = 3,
        Data = JsonSerializer.Deserialize<JsonElement>("""{"shop":{"city":"Zürich","street":"Bahnhofstrasse"},"percent":20,"items":[{"title":"Lamp"}]}"""),
    };

    [Fact]
    public void Fields_are_taken_out_of_the_data_and_put_back_as_what_they_were()
    {
        var form = ContentForm.Of(Plan, ["shop.city", "percent", "name"], Said);
        Assert.Equal(["Zürich", "20", null], form.Values.Select(value => value.Text));
        Assert.DoesNotContain("Zürich", form.Data, StringComparison.Ordinal);

        form.Values[1].Text = "25";
        var data = form.Over(Plan, Said, new ModelStateDictionary()).Data!.Value; // there is some
        Assert.Equal(25, data.GetProperty("percent").GetInt32());
        Assert.Equal(("Zürich", "Bahnhofstrasse"), (data.GetProperty("shop").GetProperty("city").GetString(), data.GetProperty("shop").GetProperty("street").GetString()));
        Assert.Equal("Lamp", data.GetProperty("items")[0].GetProperty("title").GetString());
        Assert.False(data.TryGetProperty("name", out _));
    }

    [Fact]
    public void Another_template_is_taken_as_it_is_in_use_and_on_every_channel_that_it_has_words_for()
    {
        var form = ContentForm.Of(Plan with { Channels = ["sms"] }, [], Said);
        Assert.Equal(["sms"], form.Channels);
        form.Template = "other";

        var plan = form.Over(Plan with { Channels = ["sms"] }, Said, new ModelStateDictionary());

        Assert.Equal(("other", null), (plan.Template, plan.TemplateVersion));
        Assert.Empty(plan.Channels);
    }

    [Fact]
    public void A_channel_that_a_service_named_stays_named_while_nobody_touches_the_channels()
    {
        var plan = Plan with { Channels = ["ios_push", "email"] };
        var form = ContentForm.Of(plan, [], ["email", "push"]);
        Assert.Equal(["email", "push"], form.Channels);
        Assert.Equal(["ios_push", "email"], form.Over(plan, ["email", "push"], new ModelStateDictionary()).Channels);

        form.Channels = [];
        var errors = new ModelStateDictionary();
        form.Over(plan, ["email", "push"], errors);
        Assert.True(errors.ContainsKey("Form.Channels"));
    }

    [Fact]
    public void A_test_needs_two_templates_under_names_of_their_own()
    {
        var form = ContentForm.Of(Plan, [], Said);
        (form.Test, form.Variants[1].Name) = (true, "A");
        var errors = new ModelStateDictionary();
        form.Over(Plan, Said, errors);
        Assert.True(errors.ContainsKey("Form.Test"));

        (form.Variants[1].Name, form.Variants[1].Template, form.DecideAfter, form.DecideUnit) = ("B", "other", 2, "days");
        var test = form.Over(Plan, Said, new ModelStateDictionary()).AbTest;
        Assert.Equal([("A", "sale"), ("B", "other")], test!.Variants.Select(variant => (variant.Name, variant.Template)));
        Assert.Equal(TimeSpan.FromDays(2), test.DecideAfter);
    }

    [Fact]
    public void A_test_that_nobody_touches_keeps_its_channels_its_versions_and_what_it_takes_from_the_campaign()
    {
        var plan = Plan with
        {
            Channels = ["email"],
            AbTest = new AbTest { Variants = [new Variant { Name = "short" }, new Variant { Name = "old", Template = "sale", TemplateVersion = 1 }, new Variant { Name = "new", Template = "sale", TemplateVersion = 2 }] },
        };

        var saved = ContentForm.Of(plan, [], Said).Over(plan, Said, new ModelStateDictionary());

        Assert.Equal(("sale", 3), (saved.Template, saved.TemplateVersion));
        Assert.Equal(["email"], saved.Channels);
        Assert.Equal([("short", null, null), ("old", "sale", 1), ("new", "sale", 2)], saved.AbTest!.Variants.Select(variant => (variant.Name, variant.Template, variant.TemplateVersion)));
    }

    [Fact]
    public void A_variant_that_says_something_else_says_what_is_in_use_and_the_others_stay()
    {
        var plan = Plan with { AbTest = new AbTest { Variants = [new Variant { Name = "A", TemplateVersion = 2 }, new Variant { Name = "B", Template = "offer", TemplateVersion = 5 }] } };
        var form = ContentForm.Of(plan, [], Said);
        form.Variants[1].Template = "other";

        var saved = form.Over(plan, Said, new ModelStateDictionary());

        Assert.Equal("sale", saved.Template);
        Assert.Equal([("A", null, 2), ("B", "other", null)], saved.AbTest!.Variants.Select(variant => (variant.Name, variant.Template, variant.TemplateVersion)));
    }

    [Fact]
    public void A_channel_more_does_not_widen_those_that_a_service_named()
    {
        var plan = Plan with { Channels = ["ios_push"] };
        var form = ContentForm.Of(plan, [], ["email", "push"]);
        form.Channels = ["email", "push"];

        Assert.Equal(["email", "ios_push"], form.Over(plan, ["email", "push"], new ModelStateDictionary()).Channels);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    public void What_is_no_object_is_told_beside_its_field(string data)
    {
        var form = ContentForm.Of(Plan, [], Said);
        form.Data = data;
        var errors = new ModelStateDictionary();
        form.Over(Plan, Said, errors);
        Assert.True(errors.ContainsKey("Form.Data"));
    }
}
