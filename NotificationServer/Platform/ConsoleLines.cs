using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace NotificationServer.Platform;

/// One line an event: UTC time, level, where, what. Exceptions follow below it.
internal sealed class ConsoleLines(TimeProvider clock) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "lines";
    private const string Below = "\n    ";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        // The host shows every failed start as a stack trace; one that we can explain is explained once, at the end.
        if (entry.Category == "Microsoft.Extensions.Hosting.Internal.Host" && StartupFailure.Describe(entry.Exception) is not null)
            return;

        var message = Harmless(entry.Formatter(entry.State, entry.Exception).ReplaceLineEndings(" "));
        var time = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        writer.WriteLine($"{time} {Word(entry.LogLevel)} {entry.Category}[{entry.EventId.Id}] {message}");
        if (entry.Exception is not null)
            writer.WriteLine(Harmless(entry.Exception.ToString().ReplaceLineEndings(Below)));
    }

    /// What a caller wrote must neither look like a line of ours nor steer the terminal of whoever reads the log.
    private static string Harmless(string text) =>
        text.Any(IsSteering) ? string.Concat(text.Select(c => IsSteering(c) ? $"\\u{(int)c:x4}" : c.ToString())) : text;

    private static bool IsSteering(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069';

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        LogLevel.None => "     ",
    };
}
