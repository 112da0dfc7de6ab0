namespace NotificationServer.Tests.Architecture;

internal static class Violations
{
    /// Names each one in full; xunit's own message shows the first fifty characters.
    public static void None(IEnumerable<string?> violations)
    {
        var found = violations.Distinct().ToArray();
        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found));
    }
}
