using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Identity;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin;

/// Walks every route under /admin as each role and as nobody.
[Bar("S01", "B58")]
public sealed class PagePolicyTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Every_page_is_for_whom_people_agreed_that_it_is()
    {
        var wrong = new List<string>();
        var pages = await AdminPage.AllAsync(server.Services);
        foreach (var page in pages.Where(page => !page.IsOpen))
        {
            if (PageRules.For(page.Path) is not { } rule)
            {
                wrong.Add($"{page.Path} has no rule in {nameof(PageRules)}");
                continue;
            }
            if (!rule.Readers.Order().SequenceEqual(page.Readers.Order())) wrong.Add($"{page.Path} is read by {string.Join(", ", page.Readers)}, the rule says {string.Join(", ", rule.Readers)}");
            foreach (var handler in page.Posts.Where(handler => !rule.Handlers.ContainsKey(handler) && !page.ReadingPosts.Contains(handler)))
                if (!rule.Writers.Intersect(rule.Readers).Order().SequenceEqual(page.Writers.Order()))
                    wrong.Add($"{page.Path} {handler} is posted to by {string.Join(", ", page.Writers)}, the rule says {string.Join(", ", rule.Writers)}");
        }

        Violations.None(wrong);
        Assert.Equal(PageRules.ForAnybody, pages.Where(page => page.IsOpen).Select(page => page.Path).Distinct().Order());
        Assert.True(pages.Count > 15);
    }

    [Theory]
    [InlineData("/Templates/Edit", "key", "/admin/templates/x")]
    [InlineData("/Providers/Edit", "key", "/admin/providers/x/edit")]
    [InlineData("/Users/Edit", "id", "/admin/users/x/edit")]
    [InlineData("/Categories/Edit", "key", "/admin/categories/x")]
    [InlineData("/Segments/Edit", "id", "/admin/segments/x")]
    public void Links_lead_to_the_address_of_the_thing_not_to_where_new_ones_are_made(string page, string name, string path) =>
        Assert.Equal(path, server.Services.GetRequiredService<LinkGenerator>().GetPathByPage(page, values: new RouteValueDictionary { [name] = "x" }));

    [Fact]
    public void What_is_no_page_is_guarded_by_a_policy_all_the_same()
    {
        var strays = AdminPage.EndpointsOf(server.Services)
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy?.StartsWith("admin.", StringComparison.Ordinal) == true))
            .Select(AdminPage.PathOf);
        Violations.None(strays);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Roles.Administrator)]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Operator)]
    [InlineData(Roles.Viewer)]
    public async Task Reading_is_for_those_whom_the_rule_names(string? role)
    {
        using var client = role is null ? server.Client() : await server.HasAsync($"reads.{role}@example.org", role);
        var wrong = new List<string>();
        foreach (var page in await AdminPage.AllAsync(server.Services))
        {
            using var answer = await client.GetAsync(page.Example);
            var expected = page.IsOpen || (role is not null && PageRules.For(page.Path)?.OpensTo.Contains(role) == true) ? Door.Open : role is null ? Door.SignIn : Door.Denied;
            if (page.Path != "/admin/denied" && DoorOf(answer) != expected) wrong.Add($"{page.Example}: {expected} was expected, not {(int)answer.StatusCode} {answer.Headers.Location}");
            if ((int)answer.StatusCode >= 500) wrong.Add($"{page.Example}: {(int)answer.StatusCode}");
        }
        Violations.None(wrong);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Operator)]
    [InlineData(Roles.Viewer)]
    public async Task Who_may_not_change_something_is_refused_at_every_form(string? role)
    {
        using var client = role is null ? server.Client() : await server.HasAsync($"writes.{role}@example.org", role);
        var token = AdminClient.TokenOn(await client.ReadAsync(role is null ? "/admin/sign-in" : "/admin/sign-out"));
        var wrong = new List<string>();
        foreach (var page in (await AdminPage.AllAsync(server.Services)).Where(page => !page.IsOpen))
        {
            foreach (var handler in page.Posts)
            {
                var rule = PageRules.For(page.Path);
                var writers = rule?.Handlers.GetValueOrDefault(handler) ?? page.PostersOf(handler);
                if (role is not null && writers.Contains(role)) continue; // what they may, they would do

                using var answer = await client.PostBlindlyAsync(Target(page, handler), ("__RequestVerificationToken", token));
                if (DoorOf(answer) != (role is null ? Door.SignIn : Door.Denied)) wrong.Add($"{Target(page, handler)}: not refused: {(int)answer.StatusCode} {answer.Headers.Location}");
            }
        }
        Violations.None(wrong);
    }

    [Fact]
    [Bar("S20", "B55")]
    public async Task A_form_without_its_token_is_refused_everywhere_and_to_everybody()
    {
        using var client = await server.SignedInAsync();
        var wrong = new List<string>();
        foreach (var page in await AdminPage.AllAsync(server.Services))
        {
            if (page.Path == "/admin/error") continue;   // shown in place of a form that failed; it changes nothing
            foreach (var handler in page.Posts)
            {
                using var answer = await client.PostBlindlyAsync(Target(page, handler), ("theme", "dark"), ("Email", server.Email), ("Password", server.Password));
                if (answer.StatusCode != HttpStatusCode.BadRequest) wrong.Add($"{Target(page, handler)}: {(int)answer.StatusCode}");
                if (answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("ns-theme", StringComparison.Ordinal))) wrong.Add($"{Target(page, handler)} changed something");
            }
        }
        Violations.None(wrong);
        Assert.Equal(200, (int)(await client.GetAsync("/admin")).StatusCode);
    }

    private enum Door
    {
        Open,
        SignIn,
        Denied,
    }

    private static Door DoorOf(HttpResponseMessage answer) => answer.Headers.Location?.ToString() switch
    {
        { } place when place.StartsWith("/admin/sign-in?returnUrl=", StringComparison.Ordinal) => Door.SignIn,
        { } place when place.StartsWith("/admin/denied", StringComparison.Ordinal) => Door.Denied,
        _ => answer.StatusCode == HttpStatusCode.Forbidden ? Door.Denied : Door.Open,
    };

    private static string Target(AdminPage page, string handler) => handler.Length == 0 ? page.Example : $"{page.Example}?handler={handler}";
}
