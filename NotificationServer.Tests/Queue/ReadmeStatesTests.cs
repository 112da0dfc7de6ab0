using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Queue;

/// A diagram that nothing checks drifts.
public sealed class ReadmeStatesTests
{
    [Fact]
    public async Task The_readme_lists_exactly_the_moves_that_there_are()
    {
        var readme = await File.ReadAllLinesAsync(Path.Combine(ServerProcess.Repository, "README.md"));
        var listed = readme.Select(line => line.Trim()).Where(line => line.Contains(" -> ", StringComparison.Ordinal) && !line.Contains('`', StringComparison.Ordinal));

        Assert.Equal(Moves(), listed);
    }

    private static IEnumerable<string> Moves()
    {
        var statuses = Enum.GetValues<MessageStatus>();
        return from status in statuses
               let next = statuses.Where(to => MessageMoves.Allows(status, to)).Select(to => to.Name()).ToArray()
               where next.Length > 0
               select $"{status.Name()} -> {string.Join(", ", next)}";
    }
}
