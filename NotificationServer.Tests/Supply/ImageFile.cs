using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Supply;

/// The Dockerfile, by its stages.
internal sealed partial record ImageFile(IReadOnlyList<ImageFile.Stage> Stages)
{
    public const string Path = "NotificationServer/Dockerfile";

    internal sealed record Instruction(string Word, string Rest);

    internal sealed record Stage(string Name, string From, IReadOnlyList<Instruction> Instructions)
    {
        public IEnumerable<string> Of(string word) => Instructions.Where(one => one.Word == word).Select(one => one.Rest);
    }

    public static ImageFile Read()
    {
        var text = Continued().Replace(Comment().Replace(Source.Read(Path), ""), " ");
        var stages = new List<Stage>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (word, rest) = line.Split(' ', 2) is [var first, var others] ? (first, others.Trim()) : (line, "");
            if (word == "FROM" && rest.Split(" AS ") is [var from, var name]) stages.Add(new Stage(name.Trim(), from.Trim(), []));
            else stages[^1] = stages[^1] with { Instructions = [.. stages[^1].Instructions, new Instruction(word, rest)] };
        }
        return new ImageFile(stages);
    }

    public Stage Named(string name) => Stages.Single(stage => stage.Name == name);

    /// With what it begins with: the last one counts, as in an image.
    public IEnumerable<string> Inherited(Stage stage, string word) =>
        (Stages.SingleOrDefault(one => one.Name == stage.From) is { } before ? Inherited(before, word) : []).Concat(stage.Of(word));

    [GeneratedRegex(@"^\s*#[^\n]*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\s*\n\s*")]
    private static partial Regex Continued();
}
