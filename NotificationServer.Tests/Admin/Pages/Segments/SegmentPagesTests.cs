using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Segments;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Segments;

/// The rule builder as a browser without scripts has it.
public sealed partial class SegmentPagesTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string New = "/admin/new-segment";

    [Fact]
    public async Task Rules_are_built_by_buttons_and_become_a_tree()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("u_bern", """{"country":"CH","tags":["vip, gold"]}""");
        await service.GivenAsync("u_basel", """{"country":"CH"}""");
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        (string, string)[] country = [("Name", "Swiss"), ("Rules[0].Mode", "all"), ("Rules[0].Parent", "-1"), ("Rules[1].Parent", "0"), ("Rules[1].Field", "country"), ("Rules[1].Op", "in"), ("Rules[1].Value", "CH, LI")];

        var added = await marketer.PostForTextAsync(New, [("act", "add-0"), .. country]);
        Assert.Contains("name=\"Rules[2].Field\"", added, StringComparison.Ordinal);
        Assert.Contains("value=\"CH, LI\"", added, StringComparison.Ordinal);
        var grouped = await marketer.PostForTextAsync(New, [("act", "group-0"), .. country]);
        Assert.Contains("name=\"Rules[2].Mode\"", grouped, StringComparison.Ordinal);
        Assert.Contains("name=\"Rules[3].Parent\" value=\"2\"", grouped, StringComparison.Ordinal);
        Assert.DoesNotContain("Rules[1]", await marketer.PostForTextAsync(New, [("act", "remove-1"), .. country]), StringComparison.Ordinal);
        Assert.Contains("2 people", await marketer.PostForTextAsync(New, [("act", "show"), .. country]), StringComparison.Ordinal);

        (string, string)[] tags = [("Rules[2].Parent", "0"), ("Rules[2].Mode", "none"), ("Rules[3].Parent", "2"), ("Rules[3].Field", "tags"), ("Rules[3].Op", "any_of"), ("Rules[3].Value", "\"vip, gold\", x")];
        var place = await marketer.PostForPlaceAsync(New, [("act", "save"), .. country, .. tags]);
        var stored = await service.JsonAsync($"GET /v1/segments/{place!.Split('/')[^1]}"); // saved: it leads on
        Assert.Equal("""{"all":[{"op":"in","field":"country","value":["CH","LI"]},{"not":{"any":[{"op":"any_of","field":"tags","value":["vip, gold","x"]}]}}]}""", Compact(stored.GetProperty("rules")));
        var page = await marketer.ReadAsync(place);
        Assert.Contains("Country is one of CH, LI and not (tags have one of &quot;vip, gold&quot;, x).", page, StringComparison.Ordinal);
        Assert.Contains("1 person", page, StringComparison.Ordinal);
        Assert.Equal("segment.create", (await server.LastAuditAsync($"segment:{place.Split("seg_")[1]}")).Action);
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_line_and_what_was_typed_stays()
    {
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        (string, string)[] form =
        [
            ("Name", "Wrong"), ("Rules[0].Mode", "any"), ("Rules[1].Parent", "0"), ("Rules[1].Field", "attribute:number"), ("Rules[1].Attribute", "orders"), ("Rules[1].Op", "more_than"), ("Rules[1].Value", "many"),
            ("Rules[2].Parent", "0"), ("Rules[2].Field", "country"), ("Rules[2].Op", "in"), ("Rules[2].Value", "Germany"),
        ];

        var shown = await marketer.PostForTextAsync(New, [("act", "save"), .. form]);

        Assert.Contains("This is a number.", shown, StringComparison.Ordinal);
        Assert.Contains("Use two capital letters of ISO 3166.", shown, StringComparison.Ordinal);
        Assert.Contains("value=\"many\"", shown, StringComparison.Ordinal);
        Assert.Contains("Some of it is missing: this is a number.", await marketer.PostForTextAsync($"{New}?handler=Look", form), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_edit_at_once_are_told_and_a_viewer_only_looks()
    {
        using var service = await server.ServiceAsync();
        var id = (await service.JsonAsync("POST /v1/segments", """{"name":"Shared","rules":{"all":[{"field":"email","op":"exists"}]}}""")).GetProperty("id").GetString();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        using var viewer = await server.ColleagueAsync(Roles.Viewer);
        (string, string)[] form = [("Name", "Mine"), ("act", "save"), ("Rules[0].Mode", "all"), ("Rules[1].Parent", "0"), ("Rules[1].Field", "phone"), ("Rules[1].Op", "exists")];
        await service.JsonAsync($"PATCH /v1/segments/{id}", """{"description":"Theirs"}""");

        var late = await marketer.PostForTextAsync($"/admin/segments/{id}", [("Seen", "1"), .. form]);
        Assert.Contains("somebody changed this segment while you were writing", late, StringComparison.Ordinal);
        var seen = SeenOn().Match(late).Groups[1].Value;
        Assert.Equal(302, (int)(await marketer.PostAsync($"/admin/segments/{id}", [("Seen", seen), .. form])).StatusCode);

        var looked = await viewer.ReadAsync($"/admin/segments/{id}");
        Assert.DoesNotContain("value=\"save\"", looked, StringComparison.Ordinal);
        Assert.Contains("Mine", await viewer.ReadAsync("/admin/segments?q=mine"), StringComparison.Ordinal);
        Assert.Contains("is archived", await marketer.AfterAsync(await marketer.PostAsync($"/admin/segments/{id}?handler=Archive", ("archived", "true"))), StringComparison.Ordinal);
        Assert.Contains("Mine", await viewer.ReadAsync("/admin/segments?archived=true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_made_by_a_file_and_a_bad_file_is_told_row_by_row()
    {
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var place = await marketer.PostForPlaceAsync($"{New}?kind=list", ("Name", "From the fair"), ("act", "save"));

        Assert.Contains("Row 2: There is no user_id in this row", await (await UploadAsync(marketer, place!, "user_id,name\n,Ann\n", "Add")).Content.ReadAsStringAsync(), StringComparison.Ordinal); // saved: it leads on
        Assert.Contains("2 came, 0 went: 2 people are on the list, 2 of whom we do not know yet.", await marketer.AfterAsync(await UploadAsync(marketer, place!, "user_id,name\nann,Ann\nben,Ben\n", "Add")), StringComparison.Ordinal);
        Assert.Contains("0 came, 1 went: 1 person is on the list", await marketer.AfterAsync(await UploadAsync(marketer, place!, "ann\n", "Replace")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wrong_file_is_undone_as_long_as_nothing_was_changed_after_it()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var place = (await marketer.PostForPlaceAsync($"{New}?kind=list", ("Name", "The right ones"), ("act", "save")))!; // saved: it leads on
        await UploadAsync(marketer, place, "ann\nben\ncem\n", "Add");

        var wrong = await marketer.AfterAsync(await UploadAsync(marketer, place, "cem\ndee\n", "Replace"));
        Assert.Contains("The list is again what it was.", await marketer.UndoAsync(wrong), StringComparison.Ordinal);
        Assert.Equal(["ann", "ben", "cem"], await MembersAsync(service, place));
        Assert.Contains("It was not undone", await marketer.UndoAsync(wrong), StringComparison.Ordinal);

        wrong = await marketer.AfterAsync(await UploadAsync(marketer, place, "ben\n", "Remove"));
        await UploadAsync(marketer, place, "eva\n", "Add");
        Assert.Contains("It was not undone", await marketer.UndoAsync(wrong), StringComparison.Ordinal);
        Assert.Equal(["ann", "cem", "eva"], await MembersAsync(service, place));
    }

    [Fact]
    public async Task Whoever_changes_whom_an_approved_campaign_means_is_told_before_and_after()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var list = (await service.JsonAsync("POST /v1/segments", """{"name":"Agreed to"}""")).GetProperty("id").GetString()!; // always there
        var place = $"/admin/segments/{list}";
        Assert.DoesNotContain("send back", await marketer.ReadAsync(place), StringComparison.Ordinal);
        await GivenApprovedAsync(list);

        Assert.Contains("Other people send back 1 campaign that was submitted or agreed to", await marketer.ReadAsync(place), StringComparison.Ordinal);
        var after = await marketer.AfterAsync(await UploadAsync(marketer, place, "ann\nben\n", "Add"));
        Assert.Contains("1 campaign goes back: a second person has to agree to whom it means now.", after, StringComparison.Ordinal);
        Assert.DoesNotContain("send back", after, StringComparison.Ordinal);

        var rules = (await service.JsonAsync("POST /v1/segments", """{"name":"Agreed to by rules","rules":{"all":[]}}""")).GetProperty("id").GetString()!; // likewise
        await GivenApprovedAsync(rules);
        Assert.Contains("Other rules send back 1 campaign", await marketer.ReadAsync($"/admin/segments/{rules}"), StringComparison.Ordinal);
        Assert.False((await service.JsonAsync($"PATCH /v1/segments/{rules}", """{"description":"Still the same"}""")).TryGetProperty("campaigns_sent_back", out _));
        Assert.Equal(1, (await service.JsonAsync($"PATCH /v1/segments/{rules}", """{"rules":{"all":[{"field":"email","op":"exists"}]}}""")).GetProperty("campaigns_sent_back").GetInt32());
    }

    private async Task GivenApprovedAsync(string segment)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by, approved_by, approved_at)
            values (gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'Agreed to', 'approved', @plan::jsonb, 'test', 'test', 'staff:bob@example.org', now())
            """, new { plan = new CampaignPlan { Audience = new Audience { SegmentIds = [Guid.ParseExact(segment["seg_".Length..], "N")] } }.ToJson() });
    }

    private static async Task<IReadOnlyList<string>> MembersAsync(HttpClient service, string place) =>
        [.. (await service.JsonAsync($"GET /v1/segments/{place.Split('/')[^1]}/members")).GetProperty("data").EnumerateArray().Select(member => member.GetProperty("user_id").GetString()!)]; // always there

    [Theory]
    [InlineData("""{"all":[]}""", "Everybody we know")]
    [InlineData("""{"field":"email","op":"exists"}""", "E-mail address is known")]
    [InlineData("""{"not":{"field":"email","op":"exists"}}""", "Not (e-mail address is known)")]
    [InlineData("""{"any":[{"field":"attributes.orders","op":"is","value":3},{"field":"attributes.vip","op":"is","value":true},{"field":"attributes.plan","op":"is_not","value":"pro"}]}""", "Orders is 3 or vip is yes or plan is not “pro”")]
    [InlineData("""{"any":[{"field":"attributes.left","op":"is_not","value":true},{"field":"attributes.paid","op":"is_not","value":false}]}""", "Left is not yes or paid is not no")]
    [InlineData("""{"not":{"all":[{"field":"engagement","op":"did","value":"opened","within_days":30},{"field":"received","op":"at_least","value":2,"within_days":7,"template":"news"}]}}""", "Not (has opened something within 30 days and received at least 2 within 7 days)")]
    [InlineData("""{"all":[{"field":"attributes.born","op":"anniversary_in_days","value":0},{"field":"preference","op":"is","value":"out","channel":"sms","category":"offers"},{"field":"device.platform","op":"in","value":["ios"]}]}""", "Born has its anniversary today and SMS about offers is not wanted and device platform is one of iOS")]
    public void Rules_are_told_in_words_and_come_back_from_the_builder_as_they_were(string rules, string words)
    {
        var tree = JsonElement.Parse(rules);
        Assert.Equal(words, RuleWords.Sentence(tree));

        var again = RuleTree.Of(RuleTree.Lines(tree)).Tree;
        Assert.Equal(RuleWords.Sentence(tree), RuleWords.Sentence(again));
        Assert.Equal(again.GetRawText(), RuleTree.Of(RuleTree.Lines(again)).Tree.GetRawText());
    }

    private static async Task<HttpResponseMessage> UploadAsync(AdminClient client, string place, string file, string mode)
    {
        using var form = new MultipartFormDataContent { { new StringContent(AdminClient.TokenOn(await client.ReadAsync(place))), "__RequestVerificationToken" }, { new StringContent(mode), "mode" } };
        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "Upload", "people.csv");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{place}?handler=Members", UriKind.Relative)) { Content = form };
        return await client.SendAsync(request);
    }

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    [GeneratedRegex("""name="Seen" value="(\d+)""")]
    private static partial Regex SeenOn();
}
