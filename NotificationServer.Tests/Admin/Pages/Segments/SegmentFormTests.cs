using System.Text.Json;
using Dapper;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Segments;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Segments;

/// Segments as services write them, in the hands of a colleague who only changes their name.
public sealed class SegmentFormTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Theory]
    [InlineData("""{"all":[{"field":"attributes.unsubscribed","op":"is_not","value":true},{"field":"attributes.paid","op":"is_not","value":false}]}""")]
    [InlineData("""{"field":"attributes.unsubscribed","op":"is_not","value":true}""")]
    [InlineData("""{"not":{"field":"attributes.plan","op":"is","value":" pro "}}""")]
    [InlineData("""{"any":[{"field":"attributes.plan","op":"is","value":" "},{"field":"attributes. plan","op":"is_not","value":"True"},{"field":"attributes.n","op":"is","value":1.50}]}""")]
    [InlineData("""{"all":[{"field":"tags","op":"any_of","value":["5\" nails"," vip ","a, b","\"said\""]},{"field":"device.platform","op":"in","value":["web","ios"]},{"field":"email","op":"exists","value":null}]}""")]
    public async Task Rules_stay_what_they_were(string rules)
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var id = await GivenAsync(service, JsonElement.Parse(rules));

        await marketer.AfterAsync(await SaveAsync(marketer, id, name: $"Renamed {id}"));

        var stored = await service.JsonAsync($"GET /v1/segments/{id}");
        Assert.Equal($"Renamed {id}", stored.GetProperty("name").GetString());
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(rules), stored.GetProperty("rules")), stored.GetRawText());
    }

    [Fact]
    public async Task Beside_a_condition_that_is_changed_the_others_stay_what_they_were()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var id = await GivenAsync(service, JsonElement.Parse("""{"all":[{"field":"country","op":"in","value":["CH"]},{"field":"attributes.plan","op":"is","value":" pro "}]}"""));
        var form = await FormAsync(marketer, id);

        await marketer.AfterAsync(await marketer.PostAsync($"/admin/segments/{id}", [("act", "save"), .. form.With("Rules[1].Value", "AT").With("Rules[2].Value", " pro ")]));

        var parts = (await service.JsonAsync($"GET /v1/segments/{id}")).GetProperty("rules").GetProperty("all");
        Assert.Equal(("AT", " pro "), (parts[0].GetProperty("value")[0].GetString(), parts[1].GetProperty("value").GetString()));
    }

    [Fact]
    public async Task Lists_may_be_named_in_capitals_and_are_sent_back_so()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var list = (await service.JsonAsync("POST /v1/segments", """{"name":"Of the fair"}""")).GetProperty("id").GetString()!; // always there
        var capitals = $"seg_{list["seg_".Length..].ToUpperInvariant()}";
        var id = await GivenAsync(service, JsonElement.Parse($$"""{"all":[{"field":"segment","op":"in","value":["{{capitals}}"]}]}"""));

        Assert.Equal([capitals], from field in await FormAsync(marketer, id) where field.Name == "Rules[1].Chosen" select field.Value);
        await marketer.AfterAsync(await SaveAsync(marketer, id, name: "Still from the fair"));
        Assert.Contains(capitals, (await service.JsonAsync($"GET /v1/segments/{id}")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_offered_any_more_stays_chosen_instead_of_meaning_anything()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var id = await GivenAsync(service, JsonElement.Parse("""
            {"all":[{"field":"preference","op":"is","value":"in","channel":"email","category":"offers"},{"field":"received","op":"at_least","value":1,"within_days":7,"category":"offers"}]}
            """));
        await AfterwardsAsync(id, """{"field":"preference","op":"is","value":"in","channel":"email","category":"gone"}""",
            """{"field":"received","op":"at_least","value":1,"within_days":7,"category":"gone"}""", """{"field":"segment","op":"in","value":["seg_0192f0c10000700080000000000000aa"]}""");

        var form = await FormAsync(marketer, id);
        Assert.Contains(("Rules[1].Category", "gone"), form);
        Assert.Contains(("Rules[2].Category", "gone"), form);
        Assert.Contains(("Rules[3].Chosen", "seg_0192f0c10000700080000000000000aa"), form);
        Assert.Equal(200, (int)(await SaveAsync(marketer, id, name: "Never saved")).StatusCode); // it is told what is wrong
    }

    [Fact]
    public async Task The_lines_of_a_description_stay_lines()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var id = (await service.JsonAsync("POST /v1/segments", """{"name":"Told at length","description":"One line\nand one more","rules":{"all":[]}}""")).GetProperty("id").GetString()!; // always there

        await marketer.AfterAsync(await SaveAsync(marketer, id, name: "Told as before"));

        Assert.Equal("One line\nand one more", (await service.JsonAsync($"GET /v1/segments/{id}")).GetProperty("description").GetString());
    }

    [Fact]
    public void Every_condition_in_a_group_of_its_own_is_still_there()
    {
        var one = """{"any":[{"field":"email","op":"exists"}]}""";
        var tree = JsonElement.Parse($$"""{"all":[{{string.Join(',', Enumerable.Repeat(one, 100))}}]}""");

        Assert.True(JsonElement.DeepEquals(tree, RuleTree.Of(RuleForm.Whole(RuleTree.Lines(tree))).Tree));
    }

    [Fact]
    public void What_is_wrong_with_untouched_rules_is_told_beside_its_line()
    {
        var tree = JsonElement.Parse("""{"not":{"field":"tags","op":"any_of","value":["vip"]}}""");

        var (same, places) = RuleTree.Of(RuleTree.Lines(tree), tree);

        Assert.True(JsonElement.DeepEquals(tree, same));
        Assert.Equal(1, RuleTree.PlaceOf("/not/value/0", places));
    }

    private static async Task<string> GivenAsync(HttpClient service, JsonElement rules) =>
        (await service.JsonAsync("POST /v1/segments", JsonSerializer.Serialize(new { name = $"{Guid.CreateVersion7()}", rules }))).GetProperty("id").GetString()!; // always there

    /// What its rules name went away since.
    private async Task AfterwardsAsync(string id, params string[] conditions)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        await connection.ExecuteAsync("update segments set rules = @rules::jsonb where id = @id", new { id = Guid.ParseExact(id["seg_".Length..], "N"), rules = $$"""{"all":[{{string.Join(',', conditions)}}]}""" });
    }

    private static async Task<(string Name, string Value)[]> FormAsync(AdminClient client, string id) => FilledForm.On(await client.ReadAsync($"/admin/segments/{id}"), "#segment");

    private static async Task<HttpResponseMessage> SaveAsync(AdminClient client, string id, string name) =>
        await client.PostAsync($"/admin/segments/{id}", [("act", "save"), .. (await FormAsync(client, id)).With("Name", name)]);
}
