using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Dapper;
using NotificationServer.Platform;
using NotificationServer.Platform.Health;
using Npgsql;

namespace NotificationServer.Queue;

/// Who else is there. Every node writes one row every five seconds and reads in the same breath who wrote lately; nothing that
/// must be exact is built on it, only shares and hints. Leases decide about work, not this.
internal sealed class NodeRegistry(NpgsqlDataSource db, NodeIdentity node, NodeRoles roles, NodeLoad load, TimeProvider clock, ILogger<NodeRegistry> log)
    : BackgroundService, IReadinessCheck
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    // The others take this node for lost a little before.
    private static readonly TimeSpan Unheard = TimeSpan.FromSeconds(20);

    private volatile IReadOnlyList<string[]> others = [];
    private long beatAt;

    public string Name => "heartbeat";

    /// A row of this node was committed lately: more than a database that says it takes writes.
    public Task<ReadinessResult> AskAsync(CancellationToken ct) => Task.FromResult(
        Volatile.Read(ref beatAt) is var at && at != 0 && clock.GetElapsedTime(at) < Unheard ? ReadinessResult.Fine("heard") : ReadinessResult.Wrong("silent"));

    /// With this node, as of a few seconds ago; at least 1.
    public int CountOf(NodeRole role) => (roles.Has(role) ? 1 : 0) + others.Count(other => other.Contains(NameOf(role))) is > 0 and var count ? count : 1;

    public bool AnyOther(NodeRole role) => others.Any(other => other.Contains(NameOf(role)));

    public async Task BeatAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<string>(new CommandDefinition(Sql.Beat, new
        {
            name = node.Name,
            roles = roles.Names.ToArray(),
            version = Version,
            load = JsonSerializer.Serialize(load.Now().ToDictionary(one => one.Key, one => new { in_flight = one.Value.InFlight, slots = one.Value.Slots })),
            calls = JsonSerializer.Serialize(load.CallsNow().ToDictionary(one => one.Key, one => new { calls = one.Value.Made, failed = one.Value.Failed, seconds = one.Value.Seconds })),
        }, cancellationToken: ct));
        others = rows.Select(names => names.Split(',')).ToList();
        Volatile.Write(ref beatAt, clock.GetTimestamp());
    }

    /// Says good-bye, so that the others need not wait until this node looks dead.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(Sql.Leave, new { name = node.Name }, cancellationToken: cancellationToken));
        }
        catch (NpgsqlException e)
        {
            Log.HeartbeatFailed(log, e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await StepAsync(stoppingToken);
                await Task.Delay(Beat, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; StopAsync says so to the others.
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            await BeatAsync(ct);
        }
        catch (NpgsqlException e)
        {
            // What was known last goes on being used: the others do not vanish because the database does.
            Log.HeartbeatFailed(log, e);
        }
    }

    private static string Version { get; } =
        typeof(NodeRegistry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string NameOf(NodeRole role) => role.ToString().ToLower(CultureInfo.InvariantCulture);

    internal static class Sql
    {
        public const string Beat = """
            with me as (
                insert into nodes (name, roles, version, load, calls)
                values (@name, @roles::text[], @version, @load::jsonb, @calls::jsonb)
                on conflict (name) do update set seen_at = now(), load = excluded.load, calls = excluded.calls
            ), gone as (
                delete from nodes where seen_at < now() - interval '1 hour'
            )
            select array_to_string(roles, ',') from nodes where name <> @name and seen_at > now() - interval '15 seconds'
            """;

        public const string Leave = "delete from nodes where name = @name";
    }
}
