using System.Diagnostics;

namespace NotificationServer.Channels;

/// Of a call that may have to wait for a connection of ours. The wait is not the provider's: its time and its deadline begin when the
/// wait is over. And who made the call may think again before anything leaves: a person may have said no meanwhile.
internal sealed class CallStart(Func<ValueTask<bool>> mayBegin)
{
    private CancellationTokenSource? deadline;
    private TimeSpan time;

    /// Monotonic: when the wait was over.
    public long At { get; private set; } = Stopwatch.GetTimestamp();

    /// Asked directly before the first word of a message. False: nothing of it may leave.
    public ValueTask<bool> MayBeginAsync() => mayBegin();

    /// False: it took all the time there was.
    public bool WaitIsOver()
    {
        At = Stopwatch.GetTimestamp();
        deadline?.CancelAfter(time);
        return deadline?.IsCancellationRequested != true;
    }

    /// The wait may take as long as the call.
    internal void Within(CancellationTokenSource callDeadline, TimeSpan each)
    {
        (deadline, time) = (callDeadline, each);
        callDeadline.CancelAfter(each);
    }
}
