using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Templates;

/// docs/template-versions.md is true: its requests are sent as they stand there, and answered as it says.
public sealed partial class TemplateVersionsPageTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task The_requests_of_the_page_are_answered_as_the_page_says()
    {
        var requests = Request().Matches(Source.Read("docs/template-versions.md"));
        Assert.True(requests.Count > 15);

        foreach (Match asked in requests)
        {
            using var request = new HttpRequestMessage(new HttpMethod(asked.Groups["method"].Value), asked.Groups["path"].Value);
            if (asked.Groups["body"].Value.Trim() is { Length: > 0 } body) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await server.Client.SendAsync(request);
            Assert.True(
                int.Parse(asked.Groups["status"].Value, CultureInfo.InvariantCulture) == (int)response.StatusCode,
                $"{asked.Value}\n{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    [GeneratedRegex(@"^```http\n(?<method>[A-Z]+) (?<path>\S+) → (?<status>\d+)\n(?<body>(?s:.*?))^```", RegexOptions.Multiline)]
    private static partial Regex Request();
}
