namespace NotificationServer.Benchmarks;

/// What was asked for makes no sense; the message says what does.
internal sealed class UsageException(string usage) : Exception(usage);
