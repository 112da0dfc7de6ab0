namespace NotificationServer.Admin.Identity;

/// A password takes a whole core for a tenth of a second or more, on purpose. Anybody may send some: half the cores look at them,
/// the others go on sending. Who has to wait holds neither a thread nor a connection.
internal sealed class PasswordTurns : IDisposable
{
    public static readonly int AtOnce = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly SemaphoreSlim free = new(AtOnce);

    public async Task<bool> TakeAsync(Func<Task<bool>> isRight, CancellationToken ct)
    {
        await free.WaitAsync(ct);
        try
        {
            return await isRight();
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose() => free.Dispose();
}
