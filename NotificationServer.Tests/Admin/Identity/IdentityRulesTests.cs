using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity;

public sealed class IdentityRulesTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Theory]
    [InlineData("fourteen chars", false)]
    [InlineData("seven quiet herons wade", true)]
    [InlineData("ein Satz mit Umlauten: äöü und 🦆", true)]
    [InlineData("password password password", false)]
    [Bar("S14")]
    public async Task Length_decides_and_no_rule_of_composition_does(string password, bool good)
    {
        Assert.Equal(good, await IsTakenAsync(password));
    }

    [Fact]
    [Bar("S14")]
    public async Task A_long_sentence_is_taken_as_it_is()
    {
        var words = string.Join(' ', Enumerable.Range(0, 12).Select(n => $"heron{n * 7919}"));
        Assert.InRange(words.Length, 65, 256);
        Assert.True(await IsTakenAsync(words));

        var rules = server.Services.GetRequiredService<IOptions<IdentityOptions>>().Value.Password;
        Assert.Equal((15, false, false, false, false), (rules.RequiredLength, rules.RequireDigit, rules.RequireLowercase, rules.RequireUppercase, rules.RequireNonAlphanumeric));
    }

    [Fact]
    [Bar("S01", "S20")]
    public async Task A_session_of_the_admin_app_opens_nothing_of_the_API()
    {
        using var client = await server.SignedInAsync();

        foreach (var path in new[] { "/v1/categories", "/v1/messages", "/v1/ops/queues", "/v1/audit-log" })
            Assert.Equal(401, (int)(await client.GetAsync(path)).StatusCode);
        using var body = new HttpRequestMessage(HttpMethod.Post, "/v1/ops/queues/sms:pause") { Content = new StringContent("""{"reason":"x"}""", System.Text.Encoding.UTF8, "text/plain") };
        Assert.Equal(401, (int)(await client.SendAsync(body)).StatusCode);
        Assert.Equal(0, await server.AskAsync<long>("select count(*) from queue_switches where reason = 'x'"));
    }

    private async Task<bool> IsTakenAsync(string password)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
        foreach (var rule in staff.PasswordValidators)
            if (!(await rule.ValidateAsync(staff, new StaffMember { UserName = "ada@example.org", Email = "ada@example.org" }, password)).Succeeded) return false;
        return true;
    }
}
