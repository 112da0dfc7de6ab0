using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Platform.Restores;

/// Keeps a restored or copied database from sending a second time what was sent before. Every two seconds this node notes itself in the database and
/// compares that with what it remembers; a database that lacks it, or is another, is held for all nodes until a person decides. Intake goes on.
internal sealed class RestoreGuard(InstanceStore store, InstanceMemory memory, IOptions<RestoreOptions> options, TimeProvider clock, ILogger<RestoreGuard> log)
    : BackgroundService
{
    /// Half of what a restored database may lack without a question.
    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(4);
    private static readonly string Node = $"{Environment.MachineName}-{Environment.ProcessId}";

    private Guid? instance, witness;
    private Memory? known;
    private InstanceReading? stranger;
    private long keptAt;
    private long? doubtedSince;
    private volatile Standing standing = new(null, false);

    private sealed record Standing(Fence? Fence, bool IsHeld);

    /// False also while nothing is known yet: a node that starts must not send what another has held.
    public bool MaySend => standing.Fence is not null;

    /// A person has to decide.
    public bool IsHeld => standing.IsHeld;

    /// For claims: two seconds may pass until this node notices, and not one message may leave in them. Null: nothing may be sent.
    public Fence? Fence => standing.Fence;

    /// Judged before the workers start, which are started after this.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await StepAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Keep();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Value.Every, clock, stoppingToken);
                await StepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; what was seen last is kept.
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            await LookAsync(ct);
        }
        catch (NpgsqlException e)
        {
            // What is known stays: what cannot be reached gives nothing out either.
            Log.InstanceUnread(log, e);
        }
    }

    internal async Task LookAsync(CancellationToken ct)
    {
        if (instance is null) Begin(await store.IdAsync(ct));
        var (now, place) = await store.BeatAsync(Witness, ct);
        Accept(now);
        var doubt = now.HeldAt is null || known?.Epoch > now.Epoch ? RestoreJudge.Of(instance, known, now, place, options.Value) : null;
        if (doubt is null && now.HeldAt is null)
        {
            await GoOnAsync(now, place, ct);
            return;
        }
        // A node without a memory waits for one that can say that nothing is missing.
        if (doubt is { Kind: DoubtKind.Timeline } && now.HeldAt is null && clock.GetElapsedTime(doubtedSince ??= clock.GetTimestamp()) < options.Value.Patience)
        {
            standing = new Standing(null, false);
            return;
        }
        standing = new Standing(null, true);
        // At every look, not once: what it was said of may have been replaced by the next copy. What is held already is left as it is.
        if (doubt is not null && await store.HoldAsync(now.Id, doubt, known?.Epoch ?? 0, Node, ct)) Log.SendingHeld(log, doubt.Word, Doubt.Sentence(doubt.Word));
    }

    private Guid Witness => witness ??= known?.Witness ?? Guid.CreateVersion7();

    private void Begin(Guid id)
    {
        instance = id;
        known = memory.Recall(id);
    }

    /// Another database than this node began with is its own as soon as a person has said so.
    private void Accept(InstanceReading now)
    {
        if (now.Id == instance) return;
        if (stranger is { } before && before.Id == now.Id && now.HeldAt is null && now.Epoch > before.Epoch) (instance, known) = (now.Id, null);
        else if (stranger?.Id != now.Id) stranger = now;
    }

    private async Task GoOnAsync(InstanceReading now, Place place, CancellationToken ct)
    {
        if (known is not null && RestoreJudge.Lost(known, now) is { } lost) Log.LittleLost(log, lost);
        if (standing.IsHeld) Log.SendingGoesOn(log);
        if (IsNews(now, place)) await store.AdoptAsync(now, place, options.Value.Installation, ct);
        known = new Memory(Witness, now.Count, now.Epoch, now.BeganAt, now.At);
        doubtedSince = null;
        standing = new Standing(new Fence(now.Id, now.Epoch, Witness, now.Count), false);
        if (keptAt == 0 || clock.GetElapsedTime(keptAt) > KeepEvery) Keep();
    }

    /// Where the database lives and what it is called is not in it yet, or was not so the last time.
    private bool IsNews(InstanceReading now, Place place) => (now.System is null && place.System is not null)
        || (place.Timeline is not null && now.Timeline != place.Timeline) || (now.Installation is null && options.Value.Installation is { Length: > 0 });

    private void Keep()
    {
        if (instance is not { } id || known is not { } seen) return;
        memory.Keep(id, seen);
        keptAt = clock.GetTimestamp();
    }
}
