namespace NotificationServer.Channels.Email.Smtp;

/// A few connections, each used for many messages and closed when there is nothing to do: opening one costs a handshake
/// and a login, and a server counts the open ones.
internal sealed class SmtpPool : IDisposable
{
    // Servers end idle connections without a word; after a while of silence it is asked before it is trusted.
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(10);

    private static readonly SendOutcome InVain = SendOutcome.NotCalled("no_connection_free", "no connection to the mail server came free in time");
    private static readonly SendOutcome Off = SendOutcome.NotCalled("not_begun", "it was not to be sent any more when a connection was free");

    private readonly SmtpOptions settings;
    private readonly SmtpDialer dialer;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim places;
    private readonly Lock idleLock = new();
    // The latest used on top: those at the bottom grow old and are closed.
    private readonly List<SmtpConnection> idle = [];
    private readonly ITimer sweep;
    private bool closed;

    public SmtpPool(SmtpOptions settings, SmtpDialer dialer, TimeProvider clock)
    {
        (this.settings, this.dialer, this.clock) = (settings, dialer, clock);
        places = new SemaphoreSlim(settings.MaxConnections);
        sweep = clock.CreateTimer(_ => CloseIdle(), null, settings.IdleTimeout, settings.IdleTimeout);
    }

    /// Sends over one connection; over a second, fresh one if the first turns out to have been left by the server. Waiting for one and
    /// opening one take seconds: the start is asked when nothing is left to wait for.
    public async Task<SendOutcome> SendAsync(MailPath sender, MailPath recipient, ReadOnlyMemory<byte> mail, CallStart? start, CancellationToken ct)
    {
        try
        {
            await places.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return InVain;
        }
        try
        {
            if (start?.WaitIsOver() == false) return InVain;
            if (await TakeIdleAsync(ct) is { } used)
            {
                if (await IsOffAsync(start, used)) return Off;
                var outcome = await used.SendAsync(sender, recipient, mail, ct);
                GiveBack(used);
                if (used.Usable || used.Answered || ct.IsCancellationRequested || outcome.Status is SendStatus.Unknown) return outcome;
            }
            var (fresh, fault) = await dialer.OpenAsync(ct);
            if (fresh is null) return fault;
            if (await IsOffAsync(start, fresh)) return Off;
            var result = await fresh.SendAsync(sender, recipient, mail, ct);
            GiveBack(fresh);
            return result;
        }
        finally
        {
            places.Release();
        }
    }

    /// True: nothing of the message may leave any more, and the connection is the next one's.
    private async ValueTask<bool> IsOffAsync(CallStart? start, SmtpConnection connection)
    {
        if (start is null || await start.MayBeginAsync()) return false;
        GiveBack(connection);
        return true;
    }

    /// Those that had nothing to do for long.
    public void CloseIdle()
    {
        var before = clock.GetUtcNow() - settings.IdleTimeout;
        List<SmtpConnection> old;
        lock (idleLock)
        {
            old = idle.FindAll(connection => connection.IdleSince <= before);
            idle.RemoveAll(old.Contains);
        }
        foreach (var connection in old) connection.Close();
    }

    /// Sends in flight end as they would; what they give back is closed.
    public void Dispose()
    {
        sweep.Dispose();
        List<SmtpConnection> rest;
        lock (idleLock)
        {
            closed = true;
            rest = [.. idle];
            idle.Clear();
        }
        foreach (var connection in rest) connection.Close();
    }

    private async Task<SmtpConnection?> TakeIdleAsync(CancellationToken ct)
    {
        while (true)
        {
            SmtpConnection latest;
            lock (idleLock)
            {
                if (idle.Count == 0) return null;
                latest = idle[^1];
                idle.RemoveAt(idle.Count - 1);
            }
            if (clock.GetUtcNow() - latest.IdleSince < Trusted || await latest.IsAliveAsync(ct)) return latest;
            latest.Close();
        }
    }

    private void GiveBack(SmtpConnection connection)
    {
        lock (idleLock)
        {
            if (!closed && connection.Usable && connection.Messages < settings.MessagesPerConnection)
            {
                idle.Add(connection);
                return;
            }
        }
        connection.Close();
    }
}
