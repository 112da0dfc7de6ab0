using System.Text.Json;
using System.Text.RegularExpressions;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Ui;

/// The way back that a notice offers.
public sealed class UndoingTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task A_category_is_what_it_was_again_changed_or_deleted_but_not_over_somebody_elses_change()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var before = await service.JsonAsync("PUT /v1/categories/undone", """{"name":"Before","class":"marketing","names":{"de":"Vorher"},"limit":{"count":3,"per_seconds":86400,"policy":"defer"}}""");
        (string, string)[] form = [("Form.Name", "After"), ("Form.Class", "marketing"), ("Form.QuietHours", "ignore"), ("Form.Names", "")];

        var page = await SaveAsync(marketer, "/admin/categories/undone", "Form.Seen", form);
        Assert.Equal("After", Text(await service.JsonAsync("GET /v1/categories/undone"), "name"));
        Assert.Contains("“Before” is again what it was.", await marketer.UndoAsync(page), StringComparison.Ordinal);
        Assert.Equal(before.GetProperty("limit").GetRawText(), (await service.JsonAsync("GET /v1/categories/undone")).GetProperty("limit").GetRawText());
        Assert.Equal("Vorher", Text((await service.JsonAsync("GET /v1/categories/undone")).GetProperty("names"), "de"));

        page = await SaveAsync(marketer, "/admin/categories/undone", "Form.Seen", form);
        await service.JsonAsync("PUT /v1/categories/undone", """{"name":"Theirs","class":"marketing"}""");
        Assert.Contains("It was not undone", await marketer.UndoAsync(page), StringComparison.Ordinal);
        Assert.Equal("Theirs", Text(await service.JsonAsync("GET /v1/categories/undone"), "name"));

        page = await marketer.AfterAsync(await marketer.PostAsync("/admin/categories/undone?handler=Delete"));
        Assert.Contains("“Theirs” is again what it was.", await marketer.UndoAsync(page), StringComparison.Ordinal);
        Assert.Equal("Theirs", Text(await service.JsonAsync("GET /v1/categories/undone"), "name"));
    }

    [Fact]
    public async Task A_segment_asks_again_what_it_asked()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var before = await service.JsonAsync("POST /v1/segments", """{"name":"Germans","rules":{"all":[{"field":"country","op":"in","value":["DE"]}]}}""");
        var path = $"/admin/segments/{Text(before, "id")}";

        var page = await SaveAsync(marketer, path, "Seen",
            [("act", "save"), ("Name", "Swiss"), ("Rules[0].Mode", "all"), ("Rules[0].Parent", "-1"), ("Rules[1].Parent", "0"), ("Rules[1].Field", "country"), ("Rules[1].Op", "in"), ("Rules[1].Value", "CH")]);
        Assert.Equal("Swiss", Text(await service.JsonAsync($"GET /v1/segments/{Text(before, "id")}"), "name"));
        Assert.Contains("“Germans” is again what it was.", await marketer.UndoAsync(page), StringComparison.Ordinal);
        Assert.Equal(before.GetProperty("rules").GetRawText(), (await service.JsonAsync($"GET /v1/segments/{Text(before, "id")}")).GetProperty("rules").GetRawText());
        Assert.Contains("It was not undone", await marketer.UndoAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_is_brought_back_whole_and_only_to_its_own_person()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        await service.GivenAsync("undo-one", """{"email":"one@example.org","country":"CH","tags":["vip"],"attributes":{"plan":"pro"}}""");
        await service.GivenAsync("undo-two", """{"email":"two@example.org"}""");

        var page = await SaveAsync(marketer, "/admin/users/undo-one/edit", "Form.Version", [("Form.Email", "wrong@example.org")]);
        Assert.Contains("It was not undone", await marketer.UndoAsync(page, instead: "/admin/users/undo-two/edit?handler=Undo"), StringComparison.Ordinal);
        Assert.Equal("two@example.org", Text(await service.JsonAsync("GET /v1/users/undo-two"), "email"));
        Assert.DoesNotContain("one@example.org", page, StringComparison.Ordinal);
        Assert.Contains("The profile is again what it was.", await marketer.UndoAsync(page), StringComparison.Ordinal);
        var user = await service.JsonAsync("GET /v1/users/undo-one");
        Assert.Equal(("one@example.org", "CH", "pro", "vip"), (Text(user, "email"), Text(user, "country"), Text(user.GetProperty("attributes"), "plan"), user.GetProperty("tags")[0].GetString()));
    }

    [Fact]
    public async Task Who_was_let_go_is_blocked_again_for_the_reason_of_before()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        await service.JsonAsync("PUT /v1/users/undo-a/block", """{"reason":"fraud"}""");
        await service.JsonAsync("PUT /v1/users/undo-b/block", """{"reason":"asked by phone"}""");

        var page = await marketer.AfterAsync(await marketer.PostAsync("/admin/blocked", ("Chosen", "undo-a"), ("Chosen", "undo-b"), ("sure", "true"), ("Reason", "mistake")));
        await service.RefusesAsync("GET /v1/users/undo-a/block", null, 404, "not_found");
        Assert.Contains("2 people are blocked again.", await marketer.UndoAsync(page), StringComparison.Ordinal);
        Assert.Equal(("fraud", "asked by phone"), (Text(await service.JsonAsync("GET /v1/users/undo-a/block"), "reason"), Text(await service.JsonAsync("GET /v1/users/undo-b/block"), "reason")));
    }

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();

    /// The page that tells that it was saved.
    private static async Task<string> SaveAsync(AdminClient client, string path, string seen, (string Name, string Value)[] fields)
    {
        var value = Regex.Match(await client.ReadAsync(path), $"name=\"{Regex.Escape(seen)}\"[^>]* value=\"([^\"]*)\"").Groups[1].Value;
        return await client.AfterAsync(await client.PostAsync(path, [(seen, value), .. fields]));
    }
}
