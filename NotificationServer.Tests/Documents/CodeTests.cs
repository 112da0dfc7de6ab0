using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Documents;

/// C# in a document is C# that is compiled, and run, in these tests: word by word, whatever its indentation.
public sealed class CodeTests
{
    private static readonly Lazy<string[]> Compiled = new(() => [.. Source.Files("NotificationServer.Tests", ".cs").Select(file => Squeezed(Source.Read(file)))]);

    public static TheoryData<string, string> Blocks() =>
        new(DocumentBlock.All.Where(block => block is { Language: "csharp", WhyElsewhere: null }).Select(block => (block.Place, block.Text)));

    [Theory, MemberData(nameof(Blocks))]
    public void It_is_compiled_in_a_test(string place, string text)
    {
        Assert.True(Compiled.Value.Any(file => file.Contains(Squeezed(text), StringComparison.Ordinal)), $"{place}: no test contains this code");
    }

    private static string Squeezed(string text) => Regex.Replace(text, @"\s+", " ").Trim();
}
