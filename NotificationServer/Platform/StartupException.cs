namespace NotificationServer.Platform;

/// The server cannot start, and the message says in one line what to do about it. Ends the process with exit code 1, without a stack trace.
internal sealed class StartupException : Exception
{
    public StartupException(string message) : base(message)
    {
    }

    public StartupException(string message, Exception cause) : base(message, cause)
    {
    }
}
