using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;

namespace NotificationServer.Tests.Admin;

public sealed class PagePolicyTests(AdminServer server) : IClassFixture<AdminServer>
{
    private static readonly string[] ForEverybody = ["/admin/denied", "/admin/error", "/admin/setup", "/admin/sign-in"];

    [Fact]
    public void Every_page_asks_for_a_signed_in_person_except_the_few_that_cannot()
    {
        var pages = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Path: "/" + e.RoutePattern.RawText!.TrimStart('/'), e.Metadata)) // a route has a pattern
            .Where(e => e.Path.StartsWith("/admin", StringComparison.Ordinal) && !e.Path.StartsWith("/admin.", StringComparison.Ordinal))
            .ToList();

        var open = pages.Where(p => p.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(p => p.Path).Distinct().Order();
        var guarded = pages.Where(p => p.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();

        Assert.Equal(ForEverybody, open);
        Assert.Contains(guarded, p => p.Path.StartsWith("/admin/inbox", StringComparison.Ordinal));
        Assert.All(guarded, p => Assert.Contains(p.Metadata.GetOrderedMetadata<IAuthorizeData>(), a => a.Policy == Policies.SignedIn));
    }

    [Theory]
    [InlineData("/admin/sign-in")]
    [InlineData("/admin/sign-out")]
    [InlineData("/admin/theme")]
    [InlineData("/admin/setup")]
    public async Task A_form_without_its_token_is_refused(string path)
    {
        using var client = await server.SignedInAsync();

        var refused = await client.PostBlindlyAsync(path, ("theme", "dark"), ("Email", server.Email), ("Password", server.Password));

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.DoesNotContain(refused.Headers.Where(h => h.Key == "Set-Cookie").SelectMany(h => h.Value), c => c.StartsWith("ns-theme", StringComparison.Ordinal));
        Assert.Equal(200, (int)(await client.GetAsync("/admin")).StatusCode);
    }
}
