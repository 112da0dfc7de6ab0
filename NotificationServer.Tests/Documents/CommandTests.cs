using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Documents;

/// What a document tells people to type is typed here, in the order of the document, against a server as `./run` starts it.
public sealed partial class CommandTests(ServerHost server) : IClassFixture<ServerHost>
{
    public static TheoryData<string> Typed() =>
        [.. DocumentBlock.All.Where(block => block is { Language: "bash", WhyElsewhere: null }).Select(block => block.Document).Distinct()];

    [Theory, MemberData(nameof(Typed))]
    public async Task What_it_tells_to_type_works(string document)
    {
        var folder = Directory.CreateTempSubdirectory("ns-typed-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, ".data"));
            // As ./run leaves it.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, ".data", "dev.env"), $"export NS_URL={server.Address.ToString().TrimEnd('/')}\nexport NS_API_KEY={await server.KeyAsync(client: Path.GetFileNameWithoutExtension(document))}\n");
            var environment = new Dictionary<string, string> { ["NS_APPROVER_KEY"] = await server.KeyAsync(client: "the second pair of eyes") };

            var (code, said) = await Shell.RunAsync(Shell.Script(DocumentBlock.All.Where(block => block.Document == document && block is { Language: "bash", WhyElsewhere: null })), folder.FullName, environment);

            Assert.True(code == 0, said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_is_not_typed_here_says_why_and_a_test_that_it_names_exists()
    {
        var tests = typeof(CommandTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);

        var violations = from block in DocumentBlock.All
                         where block is { Language: "bash", WhyElsewhere: { } }
                         let named = TestName().Match(block.WhyElsewhere!)
                         where block.WhyElsewhere!.Length < 5 || (named.Success && !tests.Contains(named.Value))
                         select $"{block.Place}: {block.WhyElsewhere}";

        Violations.None(violations);
    }

    /// Or nobody would type them here: an indented line is text.
    [Fact]
    public void Commands_stand_in_fences()
    {
        var violations = from document in DocumentBlock.Documents
                         from line in Source.Read(document).Split('\n').Index()
                         where IndentedCommand().IsMatch(line.Item) && !DocumentBlock.All.Any(block => block.Document == document && line.Index >= block.Line && line.Index < block.Line + block.Text.Split('\n').Length)
                         select $"{document}:{line.Index + 1}: {line.Item.Trim()}";

        Violations.None(violations);
    }

    [Theory]
    [InlineData("createdb notifications", true)]
    [InlineData("NS_VERSION=1.4.0 docker compose up", true)]
    [InlineData("ConnectionStrings__Default=\"Host=a; Username=b\" dotnet NotificationServer.dll migrate", true)]
    [InlineData("for node in a b; do kill $node; done", true)]
    [InlineData("echo x > .secrets/x", true)]
    [InlineData("./run --nodes 3", true)]
    [InlineData("Queue__Notify=false        LISTEN needs a session", false)]
    [InlineData("for those who read on", false)]
    public void An_indented_command_is_told_from_a_setting_and_from_words(string line, bool isCommand) =>
        Assert.Equal(isCommand, IndentedCommand().IsMatch($"    {line}"));

    [Fact]
    public async Task A_document_that_does_not_work_is_found_out()
    {
        DocumentBlock Block(string text, string info = "") => new("bad.md", 1, "bash", info, text);
        var folder = Directory.CreateTempSubdirectory("ns-typed-");
        var environment = new Dictionary<string, string> { ["NS_URL"] = server.Address.ToString(), ["KEY"] = await server.KeyAsync() };
        var refused = """curl -sS "${NS_URL}v1/notifications" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '{"to":[{"email":"nobody"}],"channels":["email"],"content":{"subject":"S","text":"T"}}'""";

        try
        {
            var broken = await Shell.RunAsync(Shell.Script([Block(refused)]), folder.FullName, environment);
            var shown = await Shell.RunAsync(Shell.Script([Block(refused, "answers=422"), Block("true")]), folder.FullName, environment);
            var other = await Shell.RunAsync(Shell.Script([Block(refused, "answers=409")]), folder.FullName, environment);

            Assert.NotEqual(0, broken.Code);
            Assert.Contains("It broke off in bad.md:1", broken.Said, StringComparison.Ordinal);
            Assert.True(shown.Code == 0, shown.Said);
            Assert.NotEqual(0, other.Code);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"\b\w+(Tests|Journeys?)\b")]
    private static partial Regex TestName();

    [GeneratedRegex("""^ {4,}(\w+=("[^"]*"|\S*) +)*((curl|call|dotnet|docker|psql|pg_\w+|createdb|dropdb|openssl|kubectl|systemctl|mkdir|chmod|echo|export|kill)\s|for \w+ in |\. \.data|\./(run|test|bench)\b)""")]
    private static partial Regex IndentedCommand();
}
