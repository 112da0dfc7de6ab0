using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Tests.Admin.Ui;

/// Lists in the order of a column, page by page.
public sealed partial class SortingTests(AdminServer server) : IClassFixture<AdminServer>
{
    // Sixty of each: names that fall while their times rise, in steps that two of them share.
    private const string Sixty = """
        insert into templates (key, name) select 'sorted-' || lpad(n::text, 2, '0'), 'Name ' || lpad((60 - n)::text, 2, '0') from generate_series(1, 60) n on conflict do nothing;
        insert into template_versions (template, version, parts, created_by, created_at)
        select 'sorted-' || lpad(n::text, 2, '0'), 1, '{"sms": {"body": "x"}}', 'test', '2026-01-01'::timestamptz + (n / 2) * interval '1 day' from generate_series(1, 60) n on conflict do nothing;
        insert into segments (id, name, kind, created_by, updated_by, updated_at, estimated_size, estimated_at)
        select uuid_from('2026-01-01'::timestamptz + n * interval '1 second'), 'Name ' || lpad((60 - n)::text, 2, '0'), 'list', 'test', 'test', '2026-01-01'::timestamptz + (n / 2) * interval '1 day', case when n % 3 > 0 then n * 7 end, now() from generate_series(1, 60) n on conflict do nothing;
        insert into campaigns (id, client_id, name, plan, created_by, updated_by, updated_at, next_run_at)
        select uuid_from('2026-01-01'::timestamptz + n * interval '1 second'), '00000000-0000-0000-0000-000000000000', 'Name ' || lpad((60 - n)::text, 2, '0'), '{}', 'test', 'test', '2026-01-01'::timestamptz + (n / 2) * interval '1 day',
            case when n % 3 > 0 then '2027-01-01'::timestamptz + n * interval '1 hour' end from generate_series(1, 60) n on conflict do nothing
        """;

    // Three of them, of which the one that was made last was used first.
    private const string ThreeKeys = """
        insert into clients (id, name) select gen_random_uuid(), 'Name 0' || n from generate_series(1, 3) n;
        insert into api_keys (id, client_id, name, digest, scopes, created_at, last_used_at, created_by)
        select 'sorted000000000' || right(name, 1), id, 'sorted', '', '{ops:read}', '2026-01-01'::timestamptz + right(name, 1)::integer * interval '1 day', '2026-02-01'::timestamptz - right(name, 1)::integer * interval '1 day', 'test'
        from clients where name like 'Name 0_'
        """;

    [Theory]
    [InlineData("templates", "name", true)]
    [InlineData("templates", "changed", false)]
    [InlineData("segments", "name", true)]
    [InlineData("segments", "changed", false)]
    [InlineData("segments", "people", false)]
    [InlineData("campaigns", "name", true)]
    [InlineData("campaigns", "changed", false)]
    [InlineData("campaigns", "when", false)]
    public async Task A_list_rises_and_falls_by_a_column_and_every_row_is_on_one_page(string list, string column, bool isByName)
    {
        await using (var connection = await server.Db.OpenConnectionAsync()) await connection.ExecuteAsync(Sixty);
        using var client = await server.SignedInAsync();

        var rising = await NamesAsync(client, $"/admin/{list}?sort={column}");
        var falling = await NamesAsync(client, $"/admin/{list}?sort=-{column}");

        Assert.Equal(60, rising.Distinct().Count());
        Assert.Equal(rising, Enumerable.Reverse(falling));
        if (isByName) Assert.Equal(rising.Order(StringComparer.Ordinal), rising);
        // Two by two as they were changed: the later half of them has the lower names.
        if (column == "changed") Assert.True(rising.IndexOf("Name 00") > rising.IndexOf("Name 50"));
        // Every third has no figure, and comes first; the figures of the others rise while their names fall.
        if (column is "people" or "when")
        {
            Assert.All(rising.Take(20), name => Assert.Equal(0, int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture) % 3));
            Assert.Equal(rising.Skip(20).OrderDescending(StringComparer.Ordinal), rising.Skip(20));
        }
        Assert.Equal(60, (await NamesAsync(client, $"/admin/{list}")).Distinct().Count());
    }

    [Fact]
    public async Task Keys_are_sorted_too_and_what_is_no_column_changes_nothing()
    {
        await using (var connection = await server.Db.OpenConnectionAsync()) await connection.ExecuteAsync(ThreeKeys);
        using var client = await server.SignedInAsync();
        string[] rising = ["Name 01", "Name 02", "Name 03"], falling = ["Name 03", "Name 02", "Name 01"];
        foreach (var sort in new[] { "client", "made", "-used" }) Assert.Equal(rising, await NamesAsync(client, $"/admin/keys?sort={sort}"));
        foreach (var sort in new[] { "-client", "-made", "used" }) Assert.Equal(falling, await NamesAsync(client, $"/admin/keys?sort={sort}"));
        foreach (var sort in new[] { "used", "-used", "made", "-made", "client", "-client", "secret", "%00" })
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/admin/keys?state=all&sort={sort}&after=nothing%00")).StatusCode);

        Assert.Equal(("name", true), Sorting.Of("-name", "name"));
        Assert.Equal(("name", false), Sorting.Of("name", "name"));
        Assert.Equal((null, false), Sorting.Of("-secret", "name"));
        Assert.Equal((null, false), Sorting.Of(null, "name"));
    }

    private static async Task<List<string>> NamesAsync(AdminClient client, string? path)
    {
        var names = new List<string>();
        for (var pages = 0; path is not null; pages++)
        {
            Assert.InRange(pages, 0, 3);
            var page = WebUtility.HtmlDecode(await client.ReadAsync(path));
            names.AddRange(Row().Matches(page).Select(match => match.Groups[1].Value));
            path = Older().Match(page) is { Success: true } older ? older.Groups[1].Value : null;
        }
        return names;
    }

    [GeneratedRegex("class=\"row-link\"[^>]*>(Name \\d\\d)<")]
    private static partial Regex Row();

    [GeneratedRegex("href=\"([^\"]*[?&](?:after|before)=[^\"]+)\"")]
    private static partial Regex Older();
}
