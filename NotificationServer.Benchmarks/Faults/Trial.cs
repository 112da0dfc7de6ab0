using System.Diagnostics;
using Dapper;

namespace NotificationServer.Benchmarks.Faults;

/// One run of one scenario: its client, its clock, and what it found.
internal sealed class Trial(string id, Arena arena, LoadClient client)
{
    private static int lastNumber = Random.Shared.Next(1_000_000);

    private readonly List<string> findings = [];
    private readonly Dictionary<string, double> figures = [];
    private readonly List<ServerNode> extras = [];
    private long faultOverAt;
    private Task<double>? recovery;

    public string Id => id;
    public Arena Arena => arena;
    public Scale Scale => arena.Scale;
    public LoadClient Client => client;
    public DateTimeOffset StartedAt { get; } = TimeProvider.System.GetUtcNow();
    public IReadOnlyList<string> Findings => findings;
    public IReadOnlyDictionary<string, double> Figures => figures;

    /// Set by a scenario that found out that this build or machine cannot play it.
    public string? NotRun { get; set; }

    /// Where a second copy may leave: of so many messages at most, because no more were under way. Null: however many.
    public int? MostDuplicates { get; set; }

    /// Mails acknowledged before this are what the other channel is measured against.
    public DateTimeOffset? FaultBeganAt { get; private set; }

    public void FaultBegins() => FaultBeganAt = TimeProvider.System.GetUtcNow();

    /// What is under way at the moment of a fault: only that may leave a second time.
    public async Task NoteInFlightAsync(CancellationToken ct)
    {
        var leased = await AskAsync<int>(Sql.Leased, ct);
        MostDuplicates = (MostDuplicates ?? 0) + leased;
        Measured("in_flight", leased);
    }

    /// What must hold; where it does not, the run is not valid.
    public void Demand(bool holds, string otherwise)
    {
        if (holds) return;
        lock (findings) findings.Add(otherwise);
    }

    public void Measured(string name, double value) => figures[name] = Math.Round(value, 3);

    /// From now on everything should come right by itself.
    public void FaultOver(CancellationToken ct)
    {
        faultOverAt = Stopwatch.GetTimestamp();
        recovery = RecoverAsync(faultOverAt, ct);
    }

    public bool IsFaultOver => recovery is not null;

    public double SecondsSinceFault => Stopwatch.GetElapsedTime(faultOverAt).TotalSeconds;

    /// From the end of the fault until nothing was left to be done for the first time.
    public async Task<double> RecoveryAsync() => recovery is null ? 0 : await recovery;

    public Wanted NewSms() => New("sms");

    public Wanted NewEmail() => New("email");

    /// The usual load: four texts and a mail, where the texts meet the fault and the mails should not notice.
    public IEnumerable<Wanted> Mixed(int count) => Enumerable.Range(0, count).Select(i => i % 5 == 4 ? NewEmail() : NewSms());

    public IReadOnlyList<Wanted> Texts(int count) => [.. Enumerable.Range(0, count).Select(_ => NewSms())];

    public Task PostAsync(IEnumerable<Wanted> wanted, CancellationToken ct, IReadOnlyList<Uri>? nodes = null) =>
        client.PostAsync(wanted, 32, nodes ?? arena.Urls, TimeSpan.FromSeconds(60) + (Scale.Outage * 2), ct);

    /// A node beside the others, gone when the trial ends.
    public async Task<ServerNode> ExtraNodeAsync(CancellationToken ct, params (string Key, string Value)[] environment)
    {
        var node = await arena.StartNodeAsync(ct, environment);
        lock (extras) extras.Add(node);
        return node;
    }

    public async Task<T> AskAsync<T>(string sql, CancellationToken ct, object? parameters = null)
    {
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        return (await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct)))!; // none of these is null
    }

    /// Attempts of this trial by outcome.
    public Task<int> AttemptsAsync(string outcome, CancellationToken ct) =>
        AskAsync<int>(Sql.Attempts, ct, new { outcome, since = StartedAt });

    /// Leases of this trial that ran out.
    public Task<int> NodeLostAsync(CancellationToken ct) => AskAsync<int>(Sql.NodeLost, ct, new { since = StartedAt });

    public int AcceptedBy(string provider) => arena.Simulator.Ledger.Count(entry => entry.Provider == provider && entry.At > StartedAt);

    public long CallsOf(string provider) => arena.Simulator.Figures[provider].Calls;

    public async Task EndAsync(CancellationToken ct)
    {
        foreach (var node in extras) await node.DisposeAsync();
        await arena.HealAsync(ct);
    }

    private async Task<double> RecoverAsync(long since, CancellationToken ct)
    {
        await new Checker(arena).DrainedAsync(Scale.Recovery * 4, ct);
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private Wanted New(string channel)
    {
        var number = Interlocked.Increment(ref lastNumber);
        return new Wanted($"{id}-{number}", channel, channel == "sms" ? $"+1555{number:D7}" : $"f{number}@example.org");
    }

    private static class Sql
    {
        public const string Leased = "select count(*)::integer from jobs where state = 1";
        public const string NodeLost = "select count(*)::integer from attempts where error_code = 'node_lost' and finished_at > @since";
        public const string Attempts = "select count(*)::integer from attempts where outcome = @outcome and started_at > @since";
    }
}
