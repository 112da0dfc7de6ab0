using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Platform;

/// What goes wrong at a start is mostly not our bug but a missing setting: one line that says what to do, instead of a stack trace.
internal static class StartupFailure
{
    private const int InterruptedExitCode = 130; // what a shell says of a command that Ctrl-C ended

    /// Null: a surprise, to be shown in full.
    public static string? Describe(Exception? exception) => exception switch
    {
        StartupException e => e.Message,
        OperationCanceledException => "Stopped before it had started.",
        OptionsValidationException e => string.Join(" ", e.Failures),
        IOException { InnerException: AddressInUseException } e => $"{e.Message.TrimEnd('.')}: choose another port with --port N or NS_PORT.",
        UnauthorizedAccessException e => e.Message,
        PostgresException { SqlState: "28P01" or "28000" or "3D000" or "42501" } e => $"The database refuses: {e.MessageText}.",
        PostgresException => null,
        NpgsqlException e => $"The database cannot be reached: {e.Message.TrimEnd('.')}.",
        _ => null,
    };

    public static void ReportAsOneLine()
    {
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (Describe(unhandled.ExceptionObject as Exception) is not { } line)
                return;
            Console.Error.WriteLine($"error: {line}");
            Environment.Exit(unhandled.ExceptionObject is OperationCanceledException ? InterruptedExitCode : 1);
        };
    }
}
