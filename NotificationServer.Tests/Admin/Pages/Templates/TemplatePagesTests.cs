using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Templates;

public sealed class TemplatePagesTests(AdminServer server) : IClassFixture<AdminServer>
{
    private static readonly (string, string)[] Words = [("Form.Base", "1"), ("Form.Name", "Invoice"), ("Form.Channel", "sms"), ("Form.Languages[0].Sms", "Your invoice, at last")];

    [Fact]
    public async Task What_a_template_says_of_tracking_outlives_an_edit_of_its_words()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        await service.JsonAsync("POST /v1/templates", """{"key":"untracked","name":"Invoice","channels":{"sms":{"body":"Your invoice"}}}""");
        await service.JsonAsync("PATCH /v1/templates/untracked", """{"tracking":{"opens":false,"clicks":false}}""");

        await marketer.PostAsync("/admin/templates/untracked?handler=Save", Words);

        var stored = await service.JsonAsync("GET /v1/templates/untracked");
        Assert.Equal(2, stored.GetProperty("latest_version").GetInt32());
        Assert.Equal("""{"opens":false,"clicks":false}""", stored.GetProperty("tracking").GetRawText());
    }

    [Fact]
    public async Task What_others_changed_around_the_words_stays_unless_somebody_says_otherwise()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        await service.JsonAsync("POST /v1/templates", """{"key":"moved","name":"Invoice","category":"account","channels":{"sms":{"body":"Your invoice"}}}""");
        (string, string)[] shown = [.. Words, ("Form.ShownName", "Invoice"), ("Form.ShownCategory", "account")];
        await service.JsonAsync("PATCH /v1/templates/moved", """{"name":"Bill","category":"orders"}""");

        await marketer.PostAsync("/admin/templates/moved?handler=Save", [.. shown, ("Form.Category", "account")]);

        var stored = await service.JsonAsync("GET /v1/templates/moved");
        Assert.Equal(("Bill", "orders", 2), (stored.GetProperty("name").GetString(), stored.GetProperty("category").GetString(), stored.GetProperty("latest_version").GetInt32()));
    }

    [Fact]
    public async Task What_is_archived_is_listed_apart_cannot_be_sent_and_can_be_brought_back()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        await service.JsonAsync("POST /v1/templates", """{"key":"old-invoice","name":"Old invoice","channels":{"sms":{"body":"Your invoice"}}}""");

        var archived = await marketer.AfterAsync(await marketer.PostAsync("/admin/templates/old-invoice?handler=Archive", ("archived", "true")));
        Assert.Contains("is archived.", archived, StringComparison.Ordinal);
        Assert.Contains("Bring it back", archived, StringComparison.Ordinal);
        Assert.DoesNotContain("Save draft", archived, StringComparison.Ordinal);
        Assert.DoesNotContain("old-invoice", await marketer.ReadAsync("/admin/templates"), StringComparison.Ordinal);
        Assert.Contains("old-invoice", await marketer.ReadAsync("/admin/templates?status=archived"), StringComparison.Ordinal);
        Assert.Equal("template.archive", (await server.LastAuditAsync("template:old-invoice")).Action);

        Assert.Contains("“Old invoice” is back.", await marketer.UndoAsync(archived), StringComparison.Ordinal);
        Assert.Contains("old-invoice", await marketer.ReadAsync("/admin/templates"), StringComparison.Ordinal);
        Assert.DoesNotContain("old-invoice", await marketer.ReadAsync("/admin/templates?status=archived"), StringComparison.Ordinal);
        Assert.Equal("template.restore", (await server.LastAuditAsync("template:old-invoice")).Action);
    }
}
