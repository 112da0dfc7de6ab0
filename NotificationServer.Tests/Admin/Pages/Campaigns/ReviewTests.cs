using System.Net;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Campaigns;

public sealed class ReviewTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task An_estimate_that_takes_its_time_is_asked_for_once_the_page_is_there()
    {
        using var service = await server.ServiceAsync();
        await service.JsonAsync("PUT /v1/categories/sales", """{"name":"Sales","class":"marketing","default_opt_in":true}""");
        await service.JsonAsync("POST /v1/templates", """{"key":"slow","name":"Slow","category":"sales","channels":{"sms":{"body":"Sale"}},"publish":true}""");
        await service.GivenAsync("u_ann", """{"phone":"+41791234567"}""");
        var id = (await service.JsonAsync("POST /v1/campaigns", """{"name":"Slow","template":"slow","schedule":{"kind":"now"}}""")).GetProperty("id").GetString();
        await using var node = server.AnotherNode("Development", ("CampaignReports:EstimatePatience", "00:00:00"));
        using var client = new AdminClient(node.Listen());
        await client.SignInAsync(server.Email, server.Password);

        var first = WebUtility.HtmlDecode(await client.ReadAsync($"/admin/campaigns/{id}/review"));
        var whole = WebUtility.HtmlDecode(await client.ReadAsync($"/admin/campaigns/{id}/review?wait=true"));

        Assert.Contains("id=\"estimate\" class=\"stack-wide\" aria-busy=\"true\"", first, StringComparison.Ordinal);
        Assert.Contains("It is ready to be submitted: it goes out", first, StringComparison.Ordinal);
        Assert.Contains("href=\"?wait=true\"", first, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-busy", whole, StringComparison.Ordinal);
        Assert.Contains("id=\"reach-title\"", whole, StringComparison.Ordinal);
        Assert.Contains("about 1 person would get it", whole, StringComparison.Ordinal);
    }
}
