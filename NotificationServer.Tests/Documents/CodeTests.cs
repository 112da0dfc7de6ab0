using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Documents;

/// C# in a document is C# that is compiled, and run, in these tests: word by word, whatever its indentation.
public sealed class CodeTests
{
    private static readonly Lazy<string[]> Compiled = new(() => [.. Source.Files("NotificationServer.Tests", ".cs").Select(file => Squeezed(Source.Read(file)))]);

    [Fact]
    public void It_is_compiled_in_a_test()
    {
        var blocks = DocumentBlock.All.Where(block => block is { Language: "csharp", WhyElsewhere: null }).ToList();
        Assert.NotEmpty(blocks);

        Violations.None(from block in blocks
                        let code = Squeezed(block.Text)
                        where !Compiled.Value.Any(file => file.Contains(code, StringComparison.Ordinal))
                        select $"{block.Place}: no test contains this code");
    }

    private static string Squeezed(string text) => Regex.Replace(text, @"\s+", " ").Trim();
}
