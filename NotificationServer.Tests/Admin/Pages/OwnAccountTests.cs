using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Identity;

namespace NotificationServer.Tests.Admin.Pages;

public sealed class OwnAccountTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Next = "nine loud geese depart";

    [Fact]
    public async Task A_new_password_needs_the_current_one_and_ends_the_other_sessions()
    {
        using var ada = await server.HasAsync("ada@example.org", Roles.Viewer);
        using var elsewhere = await server.SignedInAsAsync("ada@example.org");

        Assert.Contains("This is not your password.", await ada.PostForTextAsync("/admin/me?handler=Password", ("Current", "not this one, surely"), ("Next", Next)), StringComparison.Ordinal);
        Assert.Contains("at least 15", await ada.PostForTextAsync("/admin/me?handler=Password", ("Current", Colleagues.Password), ("Next", "too short")), StringComparison.Ordinal);
        Assert.Null(await elsewhere.LeadsToAsync("/admin"));

        Assert.Equal("/admin/me", await ada.PostForPlaceAsync("/admin/me?handler=Password", ("Current", Colleagues.Password), ("Next", Next)));
        Assert.Contains("Your password is changed.", await ada.ReadAsync("/admin/me"), StringComparison.Ordinal);
        Assert.NotNull(await elsewhere.LeadsToAsync("/admin"));
        Assert.Equal("/admin", (await elsewhere.SignInAsync("ada@example.org", Next)).Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_left_open_session_cannot_try_passwords_for_ever()
    {
        using var bob = await server.HasAsync("bob@example.org", Roles.Viewer);
        for (var n = 0; n < 5; n++) await bob.PostAsync("/admin/me?handler=Password", ("Current", $"not this one, surely {n}"), ("Next", Next));
        Assert.Contains("Too many tries.", await bob.PostForTextAsync("/admin/me?handler=Password", ("Current", Colleagues.Password), ("Next", Next)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_sees_where_one_is_signed_in_and_ends_what_is_not_one_s_own()
    {
        using var cat = await server.HasAsync("cat@example.org", Roles.Viewer);
        using var phone = await server.SignedInAsAsync("cat@example.org");
        using var desk = await server.SignedInAsAsync("cat@example.org");
        using var dog = await server.HasAsync("dog@example.org", Roles.Viewer);
        Assert.Contains("signed in in 3 places", await cat.ReadAsync("/admin/me"), StringComparison.Ordinal);

        var others = await server.AskAsync<Guid>("select id from staff_sessions where user_id = (select id from staff where email = 'dog@example.org')");
        await cat.PostAsync("/admin/me?handler=End", ("id", $"{others}")); // not theirs
        Assert.Null(await dog.LeadsToAsync("/admin"));

        var oldest = await server.AskAsync<Guid>("select id from staff_sessions where user_id = (select id from staff where email = 'cat@example.org') order by id offset 1 limit 1");
        await cat.PostAsync("/admin/me?handler=End", ("id", $"{oldest}"));
        Assert.NotNull(await phone.LeadsToAsync("/admin"));
        Assert.Null(await desk.LeadsToAsync("/admin"));
        await cat.PostAsync("/admin/me?handler=EndOthers");
        Assert.NotNull(await desk.LeadsToAsync("/admin"));
        Assert.Contains("signed in here only", await cat.ReadAsync("/admin/me"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_s_name_is_one_s_own()
    {
        using var eve = await server.HasAsync("eve@example.org", Roles.Viewer);
        await eve.PostAsync("/admin/me?handler=Name", ("FullName", "Eve <b>Adams</b>"));
        var page = await eve.ReadAsync("/admin/me");
        Assert.Contains("Eve &lt;b&gt;Adams&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Adams", page, StringComparison.Ordinal);
    }
}
