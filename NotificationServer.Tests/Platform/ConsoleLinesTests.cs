using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

[Bar("S36", "B60")]
public sealed class ConsoleLinesTests
{
    [Theory]
    [InlineData("order\r\n2026-11-01T09:00:00.000Z fatal forged[1] everything is lost")]
    [InlineData("a\u2028b\u0085c\vd\fe")]
    [InlineData("\u001b[2J\u001b]0;owned\u0007 \u009b31m")]
    [InlineData("\u202egnp.exe\u2066")]
    [InlineData("\0\b\u007f")]
    public void What_a_caller_wrote_is_one_line_that_steers_nothing(string written)
    {
        var lines = Written(written, null);

        var line = Assert.Single(lines);
        Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u202e' or '\u2066');
        Assert.EndsWith("end", line, StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_of_an_exception_looks_like_one_of_the_log()
    {
        var lines = Written("it broke", new InvalidOperationException("a value\n2026-11-01T09:00:00.000Z info  Forged[1] all is well\u001b[31m"));

        Assert.Single(lines, line => line.StartsWith("20", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("    2026-11-01", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    private static string[] Written(string text, Exception? exception)
    {
        using var writer = new StringWriter();
        new ConsoleLines(TimeProvider.System).Write(
            new LogEntry<string>(LogLevel.Warning, "Test", new EventId(7), text, exception, (said, _) => $"begin {said} end"), null, writer);
        return writer.ToString().TrimEnd('\n', '\r').Split(Environment.NewLine);
    }
}
