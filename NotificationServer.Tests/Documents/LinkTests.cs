using System.Text.RegularExpressions;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Documents;

/// Whoever follows a document arrives somewhere.
public sealed partial class LinkTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public void Every_link_between_documents_leads_to_a_file()
    {
        var missing = from document in Source.Files("docs", ".md").Append("README.md")
                      from Match link in Link().Matches(Source.Read(document))
                      let target = link.Groups[1].Value.Split('#')[0]
                      where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
                      where !Path.Exists(Path.Combine(Source.Root, Path.GetDirectoryName(document) ?? "", target))
                      select $"{document}: {target}";

        Violations.None(missing);
    }

    [Fact]
    public async Task Every_page_that_a_guide_names_opens()
    {
        using var admin = await server.SignedInAsync();
        var pages = Source.Files("docs", ".md").Where(file => Path.GetFileName(file).StartsWith("guide-", StringComparison.Ordinal))
            .SelectMany(file => Page().Matches(Source.Read(file)).Select(match => match.Groups[1].Value)).Distinct().ToList();
        Assert.NotEmpty(pages);

        var closed = new List<string>();
        foreach (var page in pages)
        {
            using var answer = await admin.GetAsync(page);
            if (!answer.IsSuccessStatusCode) closed.Add($"{page}: {(int)answer.StatusCode}");
        }

        Violations.None(closed);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// Those without a part that differs from server to server.
    [GeneratedRegex(@"`(/admin(?:/[a-z-]+)*)`")]
    private static partial Regex Page();
}
