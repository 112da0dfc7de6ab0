namespace NotificationServer.Channels.Receipts;

/// Reads the bodies of callbacks. A signature covers the whole body, so each is held before anybody knows who sent it: what a node holds of all
/// of them together is bounded. It is counted as it comes, since what a header promises costs its sender nothing.
internal sealed class CallbackBodies(TimeProvider clock, ILogger<CallbackBodies> log)
{
    /// No text and no receipt of one is longer.
    public const int Short = 64 * 1024;

    /// A thousand of the longest of those.
    public const int MostHeld = 64 * 1024 * 1024;

    /// A longer one is read no further once this much is held: twice the longest there is, and about ten times as much while they are checked, for
    /// their text and its fields. The rest is for the short ones alone, so that no flood of batches keeps a STOP out.
    public const int MostHeldForLong = 16 * 1024 * 1024;

    /// Whoever sends slower would keep others out for as long as they like.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long held;

    /// Use: is given the whole body, which counts as held until then. Refuse: the status to answer.
    public async Task<T> ReadAsync<T>(HttpRequest request, int most, Func<byte[], T> use, Func<int, T> refuse, CancellationToken ct)
    {
        if (request.ContentLength > most) return refuse(StatusCodes.Status413PayloadTooLarge);
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        using var body = new MemoryStream();
        var chunk = new byte[8192];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(chunk, either.Token)) > 0)
            {
                if (body.Length + read > most) return refuse(StatusCodes.Status413PayloadTooLarge);
                body.Write(chunk, 0, read);
                if (Interlocked.Add(ref held, read) is var all && all <= (body.Length > Short ? MostHeldForLong : MostHeld)) continue;
                Log.CallbackRefused(log, all);
                return refuse(StatusCodes.Status503ServiceUnavailable);
            }
            return use(body.ToArray());
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return refuse(StatusCodes.Status408RequestTimeout);
        }
        finally
        {
            Interlocked.Add(ref held, -body.Length);
        }
    }
}
