using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace NotificationServer.Platform;

/// One line an event: UTC time, level, where, what. Exceptions follow below it.
internal sealed class ConsoleLines(TimeProvider clock) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "lines";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        // The host shows every failed start as a stack trace; one that we can explain is explained once, at the end.
        if (entry.Category == "Microsoft.Extensions.Hosting.Internal.Host" && StartupFailure.Describe(entry.Exception) is not null)
            return;

        var message = entry.Formatter(entry.State, entry.Exception).ReplaceLineEndings(" ");
        var time = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        writer.WriteLine($"{time} {Word(entry.LogLevel)} {entry.Category}[{entry.EventId.Id}] {message}");
        if (entry.Exception is not null)
            writer.WriteLine(entry.Exception);
    }

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
