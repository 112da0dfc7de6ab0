using Hangfire.Logging;
using HangfireLevel = Hangfire.Logging.LogLevel;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace NotificationServer.Queue.Hangfire;

/// Hangfire's log lines among ours. Hangfire keeps one provider for the process: where there are several servers in it (tests), the
/// last one to start gets the lines, and one that has ended must not break the others.
internal sealed class HangfireLogs(ILoggerFactory loggers) : ILogProvider
{
    public ILog GetLogger(string name)
    {
        try
        {
            return new Line(loggers.CreateLogger(name));
        }
        catch (ObjectDisposedException)
        {
            return new Line(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        }
    }

    private sealed class Line(ILogger log) : ILog
    {
        // Asked without a message, it is asked whether it would be written.
        public bool Log(HangfireLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
        {
            var level = logLevel switch
            {
                HangfireLevel.Trace => Level.Trace,
                HangfireLevel.Debug or HangfireLevel.Info => Level.Debug,
                HangfireLevel.Warn => Level.Warning,
                HangfireLevel.Error => Level.Error,
                HangfireLevel.Fatal => Level.Critical,
            };
            if (messageFunc is not null && log.IsEnabled(level)) Queue.Hangfire.Log.Said(log, level, messageFunc(), exception);
            return log.IsEnabled(level);
        }
    }
}
