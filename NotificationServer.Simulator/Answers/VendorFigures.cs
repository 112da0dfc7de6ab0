using System.Globalization;

namespace NotificationServer.Simulator.Answers;

/// Counts of one provider since the start.
internal sealed class VendorFigures
{
    private readonly long[] byStatus = new long[1000];
    private long connections;
    private long calls;
    private long accepted;
    private long unanswered;

    public long Connections => Interlocked.Read(ref connections);
    public long Calls => Interlocked.Read(ref calls);
    public long Accepted => Interlocked.Read(ref accepted);
    /// Requests that hung or were cut off.
    public long Unanswered => Interlocked.Read(ref unanswered);

    public IReadOnlyDictionary<string, long> ByStatus =>
        Enumerable.Range(0, byStatus.Length)
            .Where(status => Interlocked.Read(ref byStatus[status]) > 0)
            .ToDictionary(status => status.ToString(CultureInfo.InvariantCulture), status => Interlocked.Read(ref byStatus[status]));

    public void Connected() => Interlocked.Increment(ref connections);
    public void Called() => Interlocked.Increment(ref calls);
    public void Accept(int messages) => Interlocked.Add(ref accepted, messages);
    public void Answered(int status) => Interlocked.Increment(ref byStatus[status]);
    public void LeftUnanswered() => Interlocked.Increment(ref unanswered);
}
