using System.Net;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Campaigns;

/// A campaign from its name to its launch, without scripts, by several hands.
public sealed class ComposerTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task A_campaign_is_written_in_steps_approved_by_somebody_else_and_a_draft_again_after_every_change()
    {
        await TemplateAsync("autumn", "Autumn sale");
        using var author = await server.ColleagueAsync(Roles.Marketer);
        using var colleague = await server.ColleagueAsync(Roles.Marketer);
        var audience = Assert.IsType<string>(await author.PostForPlaceAsync("/admin/campaigns/new", ("Name", "Autumn sale, Zürich")));
        Assert.EndsWith("/audience", audience, StringComparison.Ordinal);
        var campaign = audience[..^"/audience".Length];
        Assert.Contains("Everybody we know.", await ReadAsync(author, audience), StringComparison.Ordinal);

        Assert.Equal($"{campaign}/schedule", await StepAsync(author, $"{campaign}/content", ("Form.Template", "autumn"), ("Then", "schedule")));
        var content = await ReadAsync(author, $"{campaign}/content");
        Assert.Contains("Nobody said yet what", content, StringComparison.Ordinal);
        Assert.Contains("[percent]", content, StringComparison.Ordinal);
        Assert.Contains("keeps it from being submitted", await ReadAsync(author, $"{campaign}/review"), StringComparison.Ordinal);

        await StepAsync(author, $"{campaign}/content", ("Form.Template", "autumn"), ("Form.Channels", "email"), ("Form.Values[0].Name", "percent"), ("Form.Values[0].Text", "20"), ("Form.SamplePercent", "20"));
        Assert.Contains("20% off in every shop", await ReadAsync(author, $"{campaign}/content?handler=Mail"), StringComparison.Ordinal);
        await StepAsync(author, $"{campaign}/schedule", ("Form.Kind", "recurring"), ("Form.Every", "week"), ("Form.Days", "Monday"), ("Form.Days", "Thursday"), ("Form.Time", "09:00"), ("Form.Zone", "Europe/Zurich"), ("Form.FailureLimit", "20"));
        Assert.Contains("It goes out every Monday and Thursday at 09:00, Europe/Zurich.", await ReadAsync(author, $"{campaign}/schedule"), StringComparison.Ordinal);

        await PostAsync(author, $"{campaign}/review", "Submit");
        Assert.Contains("a colleague has to approve it", await ReadAsync(author, $"{campaign}/review"), StringComparison.Ordinal);
        Assert.Contains("ask somebody else", await (await PostAsync(author, $"{campaign}/review", "Approve")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("write why", await (await PostAsync(colleague, $"{campaign}/review", "Reject")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await PostAsync(colleague, $"{campaign}/review", "Approve");
        Assert.Contains("It waits to be launched.", await ReadAsync(author, $"{campaign}/review"), StringComparison.Ordinal);

        // Looking through an approved plan and saving what it says already changes nothing; saying something else does.
        Assert.Contains("Any change makes it a draft again", await ReadAsync(author, $"{campaign}/content"), StringComparison.Ordinal);
        await StepAsync(author, $"{campaign}/content", ("Form.Template", "autumn"), ("Form.Channels", "email"), ("Form.Values[0].Name", "percent"), ("Form.Values[0].Text", "20"), ("Form.SamplePercent", "20"));
        Assert.Contains("It waits to be launched.", await ReadAsync(author, $"{campaign}/review"), StringComparison.Ordinal);
        await StepAsync(author, $"{campaign}/content", ("Form.Template", "autumn"), ("Form.Channels", "email"), ("Form.Values[0].Name", "percent"), ("Form.Values[0].Text", "30"), ("Form.SamplePercent", "20"));
        var review = await ReadAsync(author, $"{campaign}/review");
        Assert.Contains("What changed since it was approved", review, StringComparison.Ordinal);
        Assert.Contains("30", review, StringComparison.Ordinal);

        await PostAsync(author, $"{campaign}/review", "Submit");
        await PostAsync(colleague, $"{campaign}/review", "Approve");
        Assert.Equal(campaign, (await PostAsync(author, $"{campaign}/review", "Launch")).Headers.Location?.ToString());
        Assert.Contains("1 is scheduled.", await ReadAsync(author, "/admin/campaigns"), StringComparison.Ordinal);
        // What is left of this month may have neither day.
        Assert.Contains("Autumn sale, Zürich", await ReadAsync(author, $"/admin/campaigns/calendar?zone=Europe/Zurich&month={TimeProvider.System.GetUtcNow().AddMonths(1):yyyy-MM}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hands_at_once_lose_nothing_of_each_other()
    {
        await TemplateAsync("winter", "Winter sale");
        using var one = await server.ColleagueAsync(Roles.Marketer);
        using var other = await server.ColleagueAsync(Roles.Marketer);
        var audience = await one.PostForPlaceAsync("/admin/campaigns/new", ("Name", "Winter sale")) ?? "";
        var campaign = audience[..^"/audience".Length];
        var seen = SeenOn(await one.ReadAsync($"{campaign}/schedule"));

        await StepAsync(other, $"{campaign}/content", ("Form.Template", "winter"));
        (string, string)[] form = [("Form.Kind", "at"), ("Form.At", "2030-12-01T09:00"), ("Form.FailureLimit", "20")];
        var late = WebUtility.HtmlDecode(await (await one.PostAsync($"{campaign}/schedule", [("Seen", seen), .. form])).Content.ReadAsStringAsync());
        Assert.Contains("changed this campaign while you were writing", late, StringComparison.Ordinal);
        Assert.Contains("2030-12-01T09:00", late, StringComparison.Ordinal);
        await one.PostAsync($"{campaign}/schedule", [("Seen", SeenOn(late)), .. form]);

        var review = await ReadAsync(one, $"{campaign}/review");
        Assert.Contains("Winter sale", review, StringComparison.Ordinal);
        Assert.Contains("Sun 1 Dec 2030, 09:00", review, StringComparison.Ordinal);
        Assert.Contains("is gone", await one.AfterAsync(await PostAsync(one, $"{campaign}/review", "Delete")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await one.GetAsync(campaign + "/review")).StatusCode);
    }

    [Fact]
    public async Task A_copy_is_a_draft_of_its_own_and_who_only_looks_finds_nothing_to_press()
    {
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        using var viewer = await server.ColleagueAsync(Roles.Viewer);
        var audience = await marketer.PostForPlaceAsync("/admin/campaigns/new", ("Name", "Spring")) ?? "";
        var campaign = audience[..^"/audience".Length];
        var copy = (await PostAsync(marketer, $"{campaign}/review", "Clone")).Headers.Location!.ToString(); // it leads there

        Assert.NotEqual(audience, copy);
        Assert.Contains("This is a copy of “Spring”", await ReadAsync(marketer, copy), StringComparison.Ordinal);
        foreach (var step in new[] { "audience", "content", "schedule", "review" })
        {
            var page = await ReadAsync(viewer, $"{campaign}/{step}");
            Assert.DoesNotContain("Save", page, StringComparison.Ordinal);
            Assert.DoesNotContain(">Submit for approval<", page, StringComparison.Ordinal);
        }
        Assert.Contains("/admin/denied", (await viewer.PostAsync($"{campaign}/audience", ("Name", "Mine"))).Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal("/admin/denied", (await viewer.LeadsToAsync("/admin/campaigns/new"))?.Split('?')[0]);
    }

    [Fact]
    public async Task A_segment_that_is_not_there_stays_chosen_and_is_shown_since_without_it_the_campaign_would_go_to_everybody()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        const string gone = "seg_0197f0000000700080000000000000aa";
        var id = (await service.JsonAsync("POST /v1/campaigns", $$$"""{"name":"Mistyped","audience":{"segment_ids":["{{{gone}}}"]}}""")).GetProperty("id").GetString();

        var page = await ReadAsync(marketer, $"/admin/campaigns/{id}/audience");
        Assert.Contains("Unknown segment", page, StringComparison.Ordinal);
        Assert.Matches($"name=\"Use\\[{gone}\\]\" value=\"in\" checked", page);

        await StepAsync(marketer, $"/admin/campaigns/{id}/audience", ("Name", "Still mistyped"), ($"Use[{gone}]", "in"));
        Assert.Equal(gone, (await service.JsonAsync($"GET /v1/campaigns/{id}")).GetProperty("audience").GetProperty("segment_ids")[0].GetString());
    }

    private async Task TemplateAsync(string key, string name)
    {
        using var service = await server.ServiceAsync();
        await service.JsonAsync("PUT /v1/categories/sales", """{"name":"Sales","class":"marketing","default_opt_in":true}""");
        await service.JsonAsync("POST /v1/templates", $$$$"""{"key":"{{{{key}}}}","name":"{{{{name}}}}","category":"sales","channels":{"email":{"subject":"{{percent}}% off","html":"<p>{{percent}}% off in every shop</p><p><a href=\"{{unsubscribe_url}}\">Unsubscribe</a></p>","text":"{{percent}}% off. {{unsubscribe_url}}"}},"sample_data":{"percent":10}}""");
    }

    private static async Task<string> ReadAsync(AdminClient client, string path) => WebUtility.HtmlDecode(await client.ReadAsync(path));

    private static async Task<string?> StepAsync(AdminClient client, string path, params (string Name, string Value)[] fields) =>
        await client.PostForPlaceAsync(path, [("Seen", SeenOn(await client.ReadAsync(path))), .. fields]);

    private static async Task<HttpResponseMessage> PostAsync(AdminClient client, string path, string handler)
    {
        var page = await client.ReadAsync(path);
        return await client.PostBlindlyAsync($"{path}?handler={handler}", ("Seen", SeenOn(page)), ("__RequestVerificationToken", AdminClient.TokenOn(page)));
    }

    private static string SeenOn(string page) => System.Text.RegularExpressions.Regex.Match(page, "name=\"Seen\" value=\"([0-9]+)\"").Groups[1].Value;
}
