using System.Collections.Frozen;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue;

/// What this node knows of held queues and accounts, read from the database each second: the table has a row for what is held
/// and no other, so that this costs next to nothing and no node can miss a change for longer.
internal sealed class Switches(NpgsqlDataSource db, IOptions<QueueOptions> options, TimeProvider clock, ILogger<Switches> log) : BackgroundService
{
    // One at a time: an answer that was asked for earlier must not overwrite a later one.
    private readonly SemaphoreSlim reading = new(1);
    private FrozenDictionary<(SwitchKind, string), QueueSwitch>? held;

    /// False also while nothing was read yet: a node that starts must not send what was held before it started.
    public bool MayClaim(string channel) => held is { } known && Find(known, SwitchKind.Channel, channel)?.Mode != SwitchMode.Paused;

    public bool MayUse(string account) => held is { } known && Find(known, SwitchKind.Account, account) is null;

    /// Whether new messages of this channel are taken in. When nothing was read yet they are: they lose nothing by waiting.
    public bool TakesIn(string channel) => held is not { } known || Find(known, SwitchKind.Channel, channel)?.Mode != SwitchMode.Draining;

    public IReadOnlyCollection<QueueSwitch> Held => held?.Values ?? [];

    /// Read before the workers start, which are started after this.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Value.SwitchPoll, clock, stoppingToken);
                await RefreshAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    public override void Dispose()
    {
        reading.Dispose();
        base.Dispose();
    }

    /// Keeps what it knew when the database cannot be asked: without it nothing can be claimed anyway.
    internal async Task RefreshAsync(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Held, cancellationToken: ct));
            held = rows.Select(row => row.ToSwitch()).ToFrozenDictionary(one => (one.Kind, one.Name));
        }
        catch (NpgsqlException e)
        {
            Log.SwitchesUnread(log, e);
        }
        finally
        {
            reading.Release();
        }
    }

    private static QueueSwitch? Find(FrozenDictionary<(SwitchKind, string), QueueSwitch> known, SwitchKind kind, string name) =>
        known.GetValueOrDefault((kind, name));

    internal sealed class Row
    {
        public required string Kind { get; init; }
        public required string Name { get; init; }
        public required string Mode { get; init; }
        public required string Reason { get; init; }
        public DateTimeOffset? Until { get; init; }
        public required string ChangedBy { get; init; }
        public required DateTimeOffset ChangedAt { get; init; }

        public QueueSwitch ToSwitch() => new(
            Kind == SwitchKind.Channel.Word() ? SwitchKind.Channel : SwitchKind.Account, Name,
            Mode == SwitchMode.Draining.Word() ? SwitchMode.Draining : SwitchMode.Paused, Reason, Until, ChangedBy, ChangedAt);
    }

    internal static class Sql
    {
        public const string Held = """
            select kind, name, mode, reason, until, changed_by, changed_at
            from queue_switches
            where until is null or until > now()
            """;
    }
}
