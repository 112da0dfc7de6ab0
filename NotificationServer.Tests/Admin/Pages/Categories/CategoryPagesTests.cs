using System.Net;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Categories;

public sealed class CategoryPagesTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task A_category_is_made_said_in_a_sentence_kept_from_two_hands_at_once_and_given_up_when_nothing_is_of_it()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        (string, string)[] form =
        [
            ("Form.Name", "Weekly news"), ("Form.Class", "marketing"), ("Form.Channels", "email"), ("Form.QuietHours", "defer"), ("Form.Expires", "2"), ("Form.ExpiresUnit", "days"),
            ("Form.LimitCount", "3"), ("Form.LimitPer", "7"), ("Form.LimitUnit", "days"), ("Form.LimitPolicy", "merge"), ("Form.Names", "de: Neues der Woche\nko: 주간 소식"),
        ];

        var looked = WebUtility.HtmlDecode(await (await marketer.PostAsync("/admin/new-category", [("NewKey", "weekly"), ("look", "true"), .. form])).Content.ReadAsStringAsync());
        Assert.Contains("People get at most 3 in 7 days on each channel; of those that wait only the newest is sent.", looked, StringComparison.Ordinal);
        await service.RefusesAsync("GET /v1/categories/weekly", null, 404, "not_found");
        await marketer.PostAsync("/admin/new-category", [("NewKey", "weekly"), .. form]);
        var stored = await service.JsonAsync("GET /v1/categories/weekly");
        Assert.Equal((172_800, 604_800, "Neues der Woche"), (stored.GetProperty("expires_after_seconds").GetInt32(), stored.GetProperty("limit").GetProperty("per_seconds").GetInt32(), stored.GetProperty("names").GetProperty("de").GetString()));
        Assert.False(stored.GetProperty("default_opt_in").GetBoolean());

        var seen = System.Text.RegularExpressions.Regex.Match(await marketer.ReadAsync("/admin/categories/weekly"), "name=\"Form.Seen\" value=\"([0-9a-f]+)\"").Groups[1].Value;
        await service.JsonAsync("PUT /v1/categories/weekly", """{"name":"Theirs","class":"marketing"}""");
        Assert.Equal("주간 소식", (await service.JsonAsync("GET /v1/categories/weekly")).GetProperty("names").GetProperty("ko").GetString());
        var late = await (await marketer.PostAsync("/admin/categories/weekly", [("Form.Seen", seen), .. form])).Content.ReadAsStringAsync();
        Assert.Contains("somebody changed this category while you were writing", late, StringComparison.Ordinal);
        Assert.Contains("Use 1 to 1000", await (await marketer.PostAsync("/admin/categories/weekly", [("Form.Seen", seen), .. form.Where(field => field.Item1 != "Form.LimitCount"), ("Form.LimitCount", "100000")])).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await service.JsonAsync("POST /v1/templates", """{"key":"of-weekly","name":"Of weekly","category":"weekly","channels":{"sms":{"body":"x"}}}""");
        Assert.Contains("It cannot be deleted while templates are of it.", await marketer.ReadAsync("/admin/categories/weekly"), StringComparison.Ordinal);
        Assert.Contains("It was not deleted", await (await marketer.PostAsync("/admin/categories/weekly?handler=Delete")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await service.JsonAsync("PUT /v1/categories/brief", """{"name":"Brief","class":"marketing"}""");
        Assert.Contains("is gone", await marketer.AfterAsync(await marketer.PostAsync("/admin/categories/brief?handler=Delete")), StringComparison.Ordinal);
        Assert.Equal("category.delete", (await server.LastAuditAsync("category:brief")).Action);
    }
}
