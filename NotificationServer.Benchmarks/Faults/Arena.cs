using System.Collections.Immutable;
using System.Security.Cryptography;
using Dapper;
using NotificationServer.Platform;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Ledger;
using Npgsql;

namespace NotificationServer.Benchmarks.Faults;

/// Real servers, a real PostgreSQL and the providers, with a proxy on every way between them.
internal sealed class Arena : IAsyncDisposable
{
    private const int LedgerEntries = 500_000;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns_faults_");
    private readonly string secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    // Replaced as a whole: nodes come and go while clients choose among them.
    private ImmutableList<ServerNode> nodes = [];
    private string databaseName = "";
    private bool isCold;

    private Arena(ArenaOptions options) => Options = options;

    public ArenaOptions Options { get; }
    public Scale Scale => Options.Scale;
    public PrivatePostgres? Postgres { get; private set; }
    /// Null until <see cref="AddStandbyAsync"/>.
    public Standby? Standby { get; private set; }
    public SimulatorHost Simulator { get; private set; } = null!; // StartAsync sets all of these before anybody sees this
    /// Null unless a second place was asked for.
    public SimulatorHost? Second { get; private set; }
    public FaultProxy Sms { get; private set; } = null!;
    public FaultProxy Email { get; private set; } = null!;
    /// Straight to the database, past every fault.
    public NpgsqlDataSource Db { get; private set; } = null!;
    public NpgsqlConnectionStringBuilder Address { get; private set; } = null!;
    public string SimulatorFolder => Path.Combine(folder.FullName, "simulator");
    public string ApiKey { get; private set; } = "";
    public IReadOnlyList<ServerNode> Nodes => nodes;
    public IReadOnlyList<Uri> Urls => [.. nodes.Select(node => node.Url)];
    /// What was accepted, at whatever place.
    public IEnumerable<LedgerEntry> Ledger => Second is null ? Simulator.Ledger : Simulator.Ledger.Concat(Second.Ledger);
    public string FileFor(string name) => Path.Combine(folder.FullName, name);

    public static async Task<Arena> StartAsync(ArenaOptions options, CancellationToken ct)
    {
        var arena = new Arena(options);
        try
        {
            await arena.SetUpAsync(ct);
            return arena;
        }
        catch (InvalidOperationException)
        {
            await arena.DisposeAsync(); // else its processes would stay behind
            throw;
        }
    }

    /// Starts another node, waits until it takes requests, and makes it one of the nodes that clients use.
    public async Task<ServerNode> AddNodeAsync(CancellationToken ct, params (string Key, string Value)[] extra)
    {
        var node = await StartNodeAsync(ct, extra);
        nodes = nodes.Add(node);
        return node;
    }

    /// A node that no client talks to: it only works the queue.
    public async Task<ServerNode> StartNodeAsync(CancellationToken ct, params (string Key, string Value)[] extra)
    {
        var database = new FaultProxy(Address.Port);
        var environment = Environment(database.Port);
        foreach (var (key, value) in extra) environment[key] = value;
        return await ServerNode.StartAsync(database, environment, ct);
    }

    /// Follows the private PostgreSQL from now on.
    public async Task<Standby> AddStandbyAsync(CancellationToken ct) =>
        Standby = await Standby.FollowAsync(Address, FileFor("standby"), Options.StandbyPort ?? throw new InvalidOperationException("no port was set aside for it"), ct);

    /// `NotificationServer.dll word ...`, as somebody types it on a machine that reaches the database.
    public async Task<Subprocess.Result> CommandAsync(CancellationToken ct, params string[] words) => await Subprocess.RunAsync(
        ["env", .. Environment(Address.Port).Select(setting => $"{setting.Key}={setting.Value}"), "dotnet", ServerNode.BuiltServer, .. words], ct);

    /// Buries the dead nodes, and brings up as many as there should be. True until <see cref="Warmed"/>, if any is new.
    public async Task<bool> EnsureNodesAsync(CancellationToken ct)
    {
        foreach (var dead in nodes.Where(node => !node.IsAlive))
        {
            nodes = nodes.Remove(dead);
            await dead.DisposeAsync();
        }
        while (nodes.Count < Options.Nodes)
        {
            await AddNodeAsync(ct);
            isCold = true;
            if (ApiKey.Length == 0) ApiKey = ReadKey();
        }
        foreach (var node in nodes) await Until.TrueAsync(() => node.IsReadyAsync(ct), TimeSpan.FromSeconds(60), ct);
        return isCold;
    }

    public void Warmed() => isCold = false;

    /// Ends every fault that does not end by itself.
    public async Task HealAsync(CancellationToken ct)
    {
        foreach (var proxy in nodes.Select(node => node.Database)) proxy.Rules = ProxyRules.Pass;
        Sms.Rules = Email.Rules = ProxyRules.Pass;
        Sms.Open();
        Email.Open();
        if (Sms.Target.Port != Simulator.Urls.Twilio.Port) Sms.Repoint(Simulator.Urls.Twilio.Port);
        Simulator.Faults.ClearAll();
        foreach (var node in nodes) await node.ThawAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        await Simulator.DisposeAsync();
        if (Second is not null) await Second.DisposeAsync();
        await Sms.DisposeAsync();
        await Email.DisposeAsync();
        await Db.DisposeAsync();
        if (Standby is not null) await Standby.DisposeAsync();
        if (Postgres is not null) await Postgres.DisposeAsync();
        else await ExecuteAsAdminAsync($"drop database if exists {databaseName} with (force)", CancellationToken.None);
        folder.Delete(recursive: true);
    }

    private async Task SetUpAsync(CancellationToken ct)
    {
        if (!OperatingSystem.IsWindows()) folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.GroupExecute; // the user that runs PostgreSQL passes through
        Simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = SimulatorFolder, LedgerEntriesInMemory = LedgerEntries }, ct);
        if (Options.SecondPlace)
        {
            Second = await SimulatorHost.StartAsync(
                new SimulatorOptions { DataDirectory = FileFor("second"), Credentials = Simulator.Credentials, LedgerEntriesInMemory = LedgerEntries }, ct);
            await File.WriteAllTextAsync(RootsFile, $"{await File.ReadAllTextAsync(Simulator.RootFile, ct)}\n{await File.ReadAllTextAsync(Second.RootFile, ct)}", ct);
        }
        Sms = new FaultProxy(Simulator.Urls.Twilio.Port);
        Email = new FaultProxy(Simulator.Urls.SendGrid.Port);
        await PrepareDatabaseAsync(ct);
        await EnsureNodesAsync(ct);
    }

    private async Task PrepareDatabaseAsync(CancellationToken ct)
    {
        if (Options.Postgres is null)
        {
            Postgres = await PrivatePostgres.StartAsync(Options.PostgresFolder ?? Path.Combine(folder.FullName, "database"), Options.LogFolder, ct);
            Address = new NpgsqlConnectionStringBuilder(Postgres.ConnectionString);
        }
        else
        {
            databaseName = $"ns_faults_{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
            await ExecuteAsAdminAsync($"create database {databaseName}", ct);
            Address = new NpgsqlConnectionStringBuilder(Options.Postgres) { Database = databaseName };
        }
        // Without a pool, because a database that was crashed leaves one full of broken connections.
        var straight = new NpgsqlDataSourceBuilder(AddressFrom(Address.Port)) { ConnectionStringBuilder = { CommandTimeout = 60, Pooling = false } };
        Db = Options.StandbyPort is null ? straight.Build() : straight.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite);
    }

    private async Task ExecuteAsAdminAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Options.Postgres + ";Pooling=false");
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: ct));
    }

    private Dictionary<string, string> Environment(int databasePort)
    {
        var environment = Simulator.ServerConfiguration.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value ?? "", StringComparer.Ordinal);
        foreach (var (key, value) in Scale.ServerSettings()) environment[key] = value;
        environment["Channels__Twilio__BaseAddress"] = $"https://localhost:{Sms.Port}";
        environment["Channels__SendGrid__BaseAddress"] = $"https://localhost:{Email.Port}";
        environment["ConnectionStrings__Default"] = AddressFrom(databasePort);
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment["NS_DATA_DIR"] = Path.Combine(folder.FullName, "data");
        foreach (var name in new[] { "api_key_pepper", "cursor_key", "data_protection_key", "recipient_key", "provider_key" }) environment[$"Secrets__{name}"] = secret;
        if (Second is not null) environment["Channels__TrustedRootsFile"] = RootsFile;
        foreach (var (key, value) in Options.Settings) environment[key] = value;
        return environment;
    }

    /// Of the database, by that port; and of its standby, where there will be one.
    private string AddressFrom(int port)
    {
        var address = new NpgsqlConnectionStringBuilder(Address.ConnectionString) { Host = "127.0.0.1", Port = port };
        if (Options.StandbyPort is { } second) (address.Host, address.HostRecheckSeconds) = ($"127.0.0.1:{port},127.0.0.1:{second}", 1);
        return address.ConnectionString;
    }

    private string RootsFile => FileFor("roots.pem");

    private string ReadKey() => File.ReadLines(Path.Combine(folder.FullName, "data", "dev.env"))
        .Single(line => line.StartsWith("NS_API_KEY=", StringComparison.Ordinal))["NS_API_KEY=".Length..];
}
