using System.Text.RegularExpressions;
using NotificationServer.Admin.Pages.Audit;
using NotificationServer.Platform;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Audit;

public sealed partial class AuditPagesTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Changes_are_found_by_who_what_and_when_and_say_what_is_not_as_it_was()
    {
        using var client = await server.SignedInAsync();
        await using (var connection = await server.Db.OpenConnectionAsync())
        {
            for (var n = 0; n < 60; n++)
                await AuditLog.AppendAsync(connection, new AuditEntry("client:shop", "category.change", "category:offers")
                {
                    Before = new() { ["name"] = $"Offers {n}", ["class"] = "marketing" }, After = new() { ["name"] = $"Offers {n + 1}", ["class"] = "marketing" }, Reason = $"reason {n:00}",
                }, CancellationToken.None);
            await AuditLog.AppendAsync(connection, new AuditEntry("staff:ada@example.org", "user.block", "user:u_1") { Reason = "asked for it" }, CancellationToken.None);
        }

        var first = await client.ReadAsync("/admin/audit?action=category");
        Assert.Equal(50, Regex.Count(first, "“reason "));
        Assert.Contains("<del>Offers 59</del>", first, StringComparison.Ordinal);
        Assert.DoesNotContain("<del>marketing", first, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/categories/offers\"", first, StringComparison.Ordinal);
        var older = Regex.Match(first, "href=\"([^\"]+before=aud_[^\"]+)\">Older").Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        Assert.Equal(10, Regex.Count(await client.ReadAsync(older), "“reason "));

        Assert.Contains("asked for it", await client.ReadAsync("/admin/audit?actor=staff:ada@example.org"), StringComparison.Ordinal);
        Assert.Contains("No such change", await client.ReadAsync("/admin/audit?target=user:u_1&to=2020-01-01"), StringComparison.Ordinal);
        Assert.Contains("Write times as", await client.ReadAsync("/admin/audit?from=yesterday"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hub_says_how_each_thing_stands()
    {
        using var client = await server.SignedInAsync();

        var page = await client.ReadAsync("/admin/settings");

        foreach (var way in new[] { "/admin/categories", "/admin/providers", "/admin/keys", "/admin/people", "/admin/webhooks", "/admin/alerts", "/admin/audit" })
            Assert.Contains($"href=\"{way}\"", page, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_changed_is_told_and_what_is_personal_is_masked_for_those_who_see_it_so_elsewhere()
    {
        var changes = AuditDiff.Of(
            """{"email":"ada@example.org","tags":["a"],"settings":"{\"from\":\"x\",\"port\":25}","same":1,"gone":true}""",
            """{"email":"grace@example.org","tags":["a","b"],"settings":"{\"from\":\"y\",\"port\":25}","same":1}""", personal: false);

        Assert.Equal([new("email", "a…@example.org", "g…@example.org"), new("tags", "a", "a, b"), new("settings.from", "x", "y"), new("gone", "True", null)], changes);
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.…")]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:…")]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void An_address_is_masked_to_its_network(string? address, string? shown) => Assert.Equal(shown, AuditOrigin.Masked(address));

    [Fact]
    [Bar("S40")]
    public void Every_action_that_is_written_down_has_its_words_and_its_place_in_the_document()
    {
        var written = from file in Source.Files("NotificationServer", ".cs")
                      from Match entry in Entry().Matches(Source.Read(file))
                      select entry.Groups[1].Value;
        var document = Source.Read("docs/audit.md");

        Assert.NotEmpty(written);
        Violations.None(written.Except(Deeds.Words.Keys).Select(action => $"{action} has no words in Deeds.cs"));
        Violations.None(Deeds.Words.Keys.Where(action => !document.Contains($"`{action}`", StringComparison.Ordinal)).Select(action => $"docs/audit.md does not list {action}"));
    }

    [GeneratedRegex(@"(?:AuditEntry|Of)\([^,()]+(?:\([^()]*\))?, ""([a-z_]+\.[a-z_]+)""")]
    private static partial Regex Entry();
}
