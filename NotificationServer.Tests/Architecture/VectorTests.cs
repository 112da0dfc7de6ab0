using System.Text.Json.Nodes;

namespace NotificationServer.Tests.Architecture;

/// What was recorded of the vendors proves nothing while no test reads it.
public sealed class VectorTests
{
    private const string Folder = "NotificationServer.Tests/Vectors";

    private static readonly string Tests = string.Join('\n', Source.Files("NotificationServer.Tests", ".cs").Select(Source.Read));

    [Fact]
    public void Every_vector_is_read_by_a_test()
    {
        var unread = Source.Files(Folder, ".json").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !Tests.Contains($"\"{name}\"", StringComparison.Ordinal) && !Tests.Contains($"\"{name}.json\"", StringComparison.Ordinal));

        Violations.None(unread);
    }

    [Fact]
    public void Every_table_of_answers_is_read_by_a_test()
    {
        var tables = JsonNode.Parse(Source.Read($"{Folder}/error-tables.json"))!["tables"]!.AsObject().Select(table => table.Key);

        Violations.None(tables.Where(table => !Tests.Contains($"\"{table}\"", StringComparison.Ordinal)));
    }
}
