using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin;

/// Whatever is typed into the admin app, every page answers with a page of its own, and shows it as text.
public sealed partial class HostileInputTests(InhabitedServer server) : IClassFixture<InhabitedServer>
{
    // Sends away whoever posts to it.
    private static readonly string[] NotPosted = ["/admin/sign-out"];

    // A post there goes out to the vendor or the receiver, which is another test's business; a thing that there is not will do.
    private static readonly string[] Outward = ["/admin/providers/", "/admin/webhooks/"];

    public static TheoryData<string, string> Values => new()
    {
        { "a NUL", "a\0b" },
        { "SQL", "'; drop table users; --" },
        { "a pattern", "%_\\" },
        { "markup", InhabitedServer.Markup },
        { "below nothing", "-1" },
        { "beyond every number", "99999999999999999999999999" },
        { "the end of time", "9999-12-31T23:59:59.9999999Z" },
        { "before the beginning of time", "0001-01-01T00:00:00+14:00" },
        { "the last id", "ffffffff-ffff-ffff-ffff-ffffffffffff" },
        { "the place after the last", "3155378975999999999.\U0010FFFF" },
        { "a prefixed id", "msg_ffffffffffffffffffffffffffffffff" },
        { "a block without an end", "{{#each x}}{{" },
        { "half of some JSON", "{\"a\":[1" },
        { "other directions and families", "\u202egnp\u200d👨‍👩‍👧\u0000\u001b[31m" },
        { "another place", "//evil.example/..\\../etc/passwd" },
        { "three lines", "a\r\nBcc: b@example.org\r\nc" },
        { "a great deal", new string('w', 5_000) },
    };

    [Theory, MemberData(nameof(Values))]
    [Bar("B11", "B23", "B24", "B25", "B28", "B52", "S37")]
    public async Task Every_page_bears_it_in_its_address(string name, string value)
    {
        using var client = await server.Admin.SignedInAsync();
        var fields = await PageFields.AllAsync(server.Admin.Services);
        var wrong = new List<string>();
        foreach (var page in await AdminPage.AllAsync(server.Admin.Services))
        {
            var place = server.Places.GetValueOrDefault(page.Path, page.Example);
            var names = fields[page.Path];
            // An address has eight thousand characters.
            var given = Uri.EscapeDataString(value.Length > 1_000 ? value[..Math.Clamp(6_000 / (names.Length + 1), 50, value.Length)] : value);
            var query = string.Join('&', names.Select(field => $"{Uri.EscapeDataString(field)}={given}"));
            using var answer = await client.GetAsync($"{place}{(place.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}");
            await JudgeAsync(answer, $"GET {page.Path} with {name}", wrong);
        }
        Violations.None(wrong);
    }

    [Theory, MemberData(nameof(Values))]
    [Bar("B11", "B25", "B28", "B37", "B52", "S37")]
    public async Task Every_form_bears_it_in_its_fields(string name, string value)
    {
        using var client = await server.Admin.SignedInAsync();
        var token = AdminClient.TokenOn(await client.ReadAsync("/admin/sign-out"));
        var fields = await PageFields.AllAsync(server.Admin.Services);
        var (wrong, read) = (new List<string>(), 0);
        foreach (var page in (await AdminPage.AllAsync(server.Admin.Services)).Where(page => !page.IsOpen && !NotPosted.Contains(page.Path)))
        {
            var place = Outward.Any(outward => page.Path.StartsWith(outward, StringComparison.Ordinal)) ? page.Example : server.Places.GetValueOrDefault(page.Path, page.Example);
            (string, string)[] sent = [.. fields[page.Path].Select(field => (field, value)), ("__RequestVerificationToken", token)];
            foreach (var handler in page.Posts)
            {
                using var answer = await client.PostBlindlyAsync(handler.Length == 0 ? place : $"{place}{(place.Contains('?', StringComparison.Ordinal) ? '&' : '?')}handler={handler}", sent);
                if ((int)answer.StatusCode != 400) read++;
                await JudgeAsync(answer, $"POST {page.Path} {handler} with {name}", wrong);
            }
        }
        Violations.None(wrong);
        // A token that does not hold would have all of them refused before anybody looks at a field. A form with a NUL is refused as a whole.
        if (value.Contains('\0', StringComparison.Ordinal)) Assert.Equal(0, read);
        else Assert.True(read > 10, $"{read} forms were read");
        Assert.Equal(200, (int)(await client.GetAsync("/admin")).StatusCode);
    }

    [Fact]
    [Bar("B52")]
    public async Task Names_that_a_browser_would_run_are_shown_as_text_on_every_page()
    {
        using var client = await server.Admin.SignedInAsync();
        var (wrong, shown) = (new List<string>(), 0);
        foreach (var page in await AdminPage.AllAsync(server.Admin.Services))
        {
            using var answer = await client.GetAsync(server.Places.GetValueOrDefault(page.Path, page.Example));
            await JudgeAsync(answer, page.Path, wrong);
            if ((await answer.Content.ReadAsStringAsync()).Contains("&lt;img src=x", StringComparison.Ordinal)) shown++;
        }
        Violations.None(wrong);
        Assert.True(shown >= 8, $"{shown} pages show one");
    }

    private static async Task JudgeAsync(HttpResponseMessage answer, string what, List<string> wrong)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode >= 500) wrong.Add($"{what}: {(int)answer.StatusCode}");
        if (text.Contains("<img src=x", StringComparison.OrdinalIgnoreCase)) wrong.Add($"{what}: markup");
        if (text.Contains("Npgsql", StringComparison.Ordinal) || StackTrace().IsMatch(text)) wrong.Add($"{what}: tells how it is made");
        if (answer.Headers.Location is { IsAbsoluteUri: true } away && away.Host != "127.0.0.1" && away.Host != "localhost") wrong.Add($"{what}: leads to {away}");
        if (answer.Headers.Location?.ToString() is ['/', '/' or '\\', ..]) wrong.Add($"{what}: leads to {answer.Headers.Location}");
    }

    [GeneratedRegex(@"   at \w+(\.\w+)+[(<]")]
    private static partial Regex StackTrace();
}
